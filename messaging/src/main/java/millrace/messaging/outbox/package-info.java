/// Events that are committed with the state they tell of, and published afterwards.
@NullMarked
package millrace.messaging.outbox;

import org.jspecify.annotations.NullMarked;
