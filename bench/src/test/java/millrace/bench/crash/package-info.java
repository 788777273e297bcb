@NullMarked
package millrace.bench.crash;

import org.jspecify.annotations.NullMarked;
