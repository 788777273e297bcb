@NullMarked
package millrace.settlement;

import org.jspecify.annotations.NullMarked;
