/// What the watchtower holds, and how much more than that may be served.
@NullMarked
package millrace.channel.guard;

import org.jspecify.annotations.NullMarked;
