@NullMarked
package millrace.messaging.listen;

import org.jspecify.annotations.NullMarked;
