/// Sends transactions of one account: stored before signed, signed before sent, watched until
/// final.
@NullMarked
package millrace.chain.sender;

import org.jspecify.annotations.NullMarked;
