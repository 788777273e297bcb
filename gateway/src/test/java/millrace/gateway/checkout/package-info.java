@NullMarked
package millrace.gateway.checkout;

import org.jspecify.annotations.NullMarked;
