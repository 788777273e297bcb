/// Gives payers back what they do not want to spend, and what merchants give back on chain.
@NullMarked
package millrace.settlement.refund;

import org.jspecify.annotations.NullMarked;
