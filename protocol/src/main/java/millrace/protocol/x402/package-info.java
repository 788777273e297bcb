@NullMarked
package millrace.protocol.x402;

import org.jspecify.annotations.NullMarked;
