/// Merchants' refunds: what was theirs becomes the payer's credit.
@NullMarked
package millrace.channel.giveback;

import org.jspecify.annotations.NullMarked;
