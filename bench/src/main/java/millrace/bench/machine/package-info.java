@NullMarked
package millrace.bench.machine;

import org.jspecify.annotations.NullMarked;
