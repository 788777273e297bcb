/// Frauds staged on purpose, to see the hub answer them.
@NullMarked
package millrace.standalone.drill;

import org.jspecify.annotations.NullMarked;
