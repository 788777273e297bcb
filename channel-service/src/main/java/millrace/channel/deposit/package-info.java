/// Has deposits relayed and waits for them.
@NullMarked
package millrace.channel.deposit;

import org.jspecify.annotations.NullMarked;
