/// What merchants and partners wait for.
@NullMarked
package millrace.bench.api;

import org.jspecify.annotations.NullMarked;
