/// The gateway's side of channel-service.
@NullMarked
package millrace.gateway.hub;

import org.jspecify.annotations.NullMarked;
