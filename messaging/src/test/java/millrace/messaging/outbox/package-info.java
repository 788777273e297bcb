@NullMarked
package millrace.messaging.outbox;

import org.jspecify.annotations.NullMarked;
