/// Follows the chain for everyone else, and sends this service's transactions.
@NullMarked
package millrace.settlement.chain;

import org.jspecify.annotations.NullMarked;
