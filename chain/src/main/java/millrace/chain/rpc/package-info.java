/// JSON-RPC to one or more nodes of the same chain.
@NullMarked
package millrace.chain.rpc;

import org.jspecify.annotations.NullMarked;
