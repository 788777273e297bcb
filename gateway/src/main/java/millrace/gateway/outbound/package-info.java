/// Calls to addresses that a stranger chose.
@NullMarked
package millrace.gateway.outbound;

import org.jspecify.annotations.NullMarked;
