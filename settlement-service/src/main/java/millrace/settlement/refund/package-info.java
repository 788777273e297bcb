/// Gives payers back what they do not want to spend.
@NullMarked
package millrace.settlement.refund;

import org.jspecify.annotations.NullMarked;
