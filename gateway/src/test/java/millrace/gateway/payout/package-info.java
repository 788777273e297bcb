@NullMarked
package millrace.gateway.payout;

import org.jspecify.annotations.NullMarked;
