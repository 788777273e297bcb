@NullMarked
package millrace.channel.giveback;

import org.jspecify.annotations.NullMarked;
