/// What gas costs now, and what it usually costs.
@NullMarked
package millrace.settlement.gas;

import org.jspecify.annotations.NullMarked;
