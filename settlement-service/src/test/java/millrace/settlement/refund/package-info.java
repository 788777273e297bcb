@NullMarked
package millrace.settlement.refund;

import org.jspecify.annotations.NullMarked;
