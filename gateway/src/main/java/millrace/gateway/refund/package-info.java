/// Merchants' refunds.
@NullMarked
package millrace.gateway.refund;

import org.jspecify.annotations.NullMarked;
