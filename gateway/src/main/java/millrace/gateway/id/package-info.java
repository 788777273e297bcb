/// Names for what the gateway makes.
@NullMarked
package millrace.gateway.id;

import org.jspecify.annotations.NullMarked;
