/// Replays a day of payments through the settlement policy of the service, in a minute.
@NullMarked
package millrace.bench.policy;

import org.jspecify.annotations.NullMarked;
