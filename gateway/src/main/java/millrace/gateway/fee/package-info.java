/// What the hub keeps of merchants' payments.
@NullMarked
package millrace.gateway.fee;

import org.jspecify.annotations.NullMarked;
