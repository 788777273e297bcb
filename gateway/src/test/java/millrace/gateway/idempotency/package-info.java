@NullMarked
package millrace.gateway.idempotency;

import org.jspecify.annotations.NullMarked;
