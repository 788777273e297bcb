/// From a signed payload to money taken, the same for every surface.
@NullMarked
package millrace.gateway.checkout;

import org.jspecify.annotations.NullMarked;
