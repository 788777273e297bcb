@NullMarked
package millrace.protocol.eip712;

import org.jspecify.annotations.NullMarked;
