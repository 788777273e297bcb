@NullMarked
package millrace.settlement.gas;

import org.jspecify.annotations.NullMarked;
