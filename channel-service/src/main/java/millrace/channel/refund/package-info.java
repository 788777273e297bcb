/// Gives payers their unspent money back while they stay.
@NullMarked
package millrace.channel.refund;

import org.jspecify.annotations.NullMarked;
