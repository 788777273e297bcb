@NullMarked
package millrace.channel.book;

import org.jspecify.annotations.NullMarked;
