/// The server that people run today, beside which the hub is measured.
@NullMarked
package millrace.bench.peer;

import org.jspecify.annotations.NullMarked;
