/// How the drills went that the operator staged.
@NullMarked
package millrace.gateway.drill;

import org.jspecify.annotations.NullMarked;
