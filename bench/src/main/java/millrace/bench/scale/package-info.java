@NullMarked
package millrace.bench.scale;

import org.jspecify.annotations.NullMarked;
