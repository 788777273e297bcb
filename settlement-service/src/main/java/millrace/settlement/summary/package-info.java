/// What was done so far, in numbers.
@NullMarked
package millrace.settlement.summary;

import org.jspecify.annotations.NullMarked;
