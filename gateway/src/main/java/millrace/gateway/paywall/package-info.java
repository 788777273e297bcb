/// Paywalled routes: the 402 handshake around an upstream.
@NullMarked
package millrace.gateway.paywall;

import org.jspecify.annotations.NullMarked;
