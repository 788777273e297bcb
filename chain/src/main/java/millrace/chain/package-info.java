/// What the services need of an EVM chain, in the protocol's own types. Whether blocks come from
/// one node or several, and how web3j spells things, stays inside.
@NullMarked
package millrace.chain;

import org.jspecify.annotations.NullMarked;
