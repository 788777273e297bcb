/// Pays merchants out of the vault, never promising more than it holds.
@NullMarked
package millrace.settlement.payout;

import org.jspecify.annotations.NullMarked;
