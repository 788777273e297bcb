@NullMarked
package millrace.channel.chain;

import org.jspecify.annotations.NullMarked;
