/// The calls, reads and events of the channel contract, the vault and the token.
@NullMarked
package millrace.chain.contract;

import org.jspecify.annotations.NullMarked;
