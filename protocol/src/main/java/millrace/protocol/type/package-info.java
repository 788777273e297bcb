@NullMarked
package millrace.protocol.type;

import org.jspecify.annotations.NullMarked;
