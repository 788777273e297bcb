/// What the outside sees of a hub: the merchant API, paywalled routes and webhooks.
@NullMarked
package millrace.gateway;

import org.jspecify.annotations.NullMarked;
