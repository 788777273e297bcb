@NullMarked
package millrace.chain.sender;

import org.jspecify.annotations.NullMarked;
