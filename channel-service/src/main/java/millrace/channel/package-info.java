/// Starts channel-service and holds what its features share by configuration.
@NullMarked
package millrace.channel;

import org.jspecify.annotations.NullMarked;
