/// What the hub keeps of merchants' payments.
@NullMarked
package millrace.channel.fee;

import org.jspecify.annotations.NullMarked;
