@NullMarked
package millrace.settlement.payout;

import org.jspecify.annotations.NullMarked;
