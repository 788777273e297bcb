@NullMarked
package millrace.channel.guard;

import org.jspecify.annotations.NullMarked;
