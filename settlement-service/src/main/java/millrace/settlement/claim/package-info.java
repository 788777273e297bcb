/// Claims what channels owe, many of them in one transaction.
@NullMarked
package millrace.settlement.claim;

import org.jspecify.annotations.NullMarked;
