@NullMarked
package millrace.gateway.outbound;

import org.jspecify.annotations.NullMarked;
