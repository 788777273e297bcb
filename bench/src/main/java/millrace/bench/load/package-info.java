@NullMarked
package millrace.bench.load;

import org.jspecify.annotations.NullMarked;
