@NullMarked
package millrace.messaging;

import org.jspecify.annotations.NullMarked;
