/// Resources that a merchant puts behind a price.
@NullMarked
package millrace.gateway.route;

import org.jspecify.annotations.NullMarked;
