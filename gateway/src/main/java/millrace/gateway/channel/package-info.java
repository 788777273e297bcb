/// Channels as the merchants see them who are paid from them.
@NullMarked
package millrace.gateway.channel;

import org.jspecify.annotations.NullMarked;
