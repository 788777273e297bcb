/// How the gateway says no: one shape, RFC 9457, for every surface.
@NullMarked
package millrace.gateway.problem;

import org.jspecify.annotations.NullMarked;
