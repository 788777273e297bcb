/// Compares ledger, databases and chain, and says to the unit where they differ.
@NullMarked
package millrace.gateway.reconciliation;

import org.jspecify.annotations.NullMarked;
