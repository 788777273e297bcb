/// What a service needs to receive events.
@NullMarked
package millrace.messaging.listen;

import org.jspecify.annotations.NullMarked;
