/// Prices with an address of their own, for whoever has nothing to sell behind a URL.
@NullMarked
package millrace.gateway.link;

import org.jspecify.annotations.NullMarked;
