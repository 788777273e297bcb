/// The price of a resource in the words of x402.
@NullMarked
package millrace.gateway.offer;

import org.jspecify.annotations.NullMarked;
