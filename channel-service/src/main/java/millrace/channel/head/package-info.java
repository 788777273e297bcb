/// How far the chain is verified: payments are refused when that is too long ago.
@NullMarked
package millrace.channel.head;

import org.jspecify.annotations.NullMarked;
