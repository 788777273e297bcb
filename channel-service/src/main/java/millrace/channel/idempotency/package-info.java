/// What merchants may repeat, and what it was answered.
@NullMarked
package millrace.channel.idempotency;

import org.jspecify.annotations.NullMarked;
