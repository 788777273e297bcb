@NullMarked
package millrace.bench.peer;

import org.jspecify.annotations.NullMarked;
