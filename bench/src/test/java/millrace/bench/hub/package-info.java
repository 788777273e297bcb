@NullMarked
package millrace.bench.hub;

import org.jspecify.annotations.NullMarked;
