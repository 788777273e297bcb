/// Earned money on its way to the merchant.
@NullMarked
package millrace.gateway.payout;

import org.jspecify.annotations.NullMarked;
