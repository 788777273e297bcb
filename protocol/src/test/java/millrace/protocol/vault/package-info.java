@NullMarked
package millrace.protocol.vault;

import org.jspecify.annotations.NullMarked;
