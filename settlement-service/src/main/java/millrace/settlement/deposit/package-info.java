/// Brings payers' authorised deposits on chain, and recognises them whoever brought them.
@NullMarked
package millrace.settlement.deposit;

import org.jspecify.annotations.NullMarked;
