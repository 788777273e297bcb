@NullMarked
package millrace.messaging.event;

import org.jspecify.annotations.NullMarked;
