@NullMarked
package millrace.channel;

import org.jspecify.annotations.NullMarked;
