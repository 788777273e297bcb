@NullMarked
package millrace.protocol.channel;

import org.jspecify.annotations.NullMarked;
