@NullMarked
package millrace.bench.gas;

import org.jspecify.annotations.NullMarked;
