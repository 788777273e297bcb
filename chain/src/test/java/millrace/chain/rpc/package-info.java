@NullMarked
package millrace.chain.rpc;

import org.jspecify.annotations.NullMarked;
