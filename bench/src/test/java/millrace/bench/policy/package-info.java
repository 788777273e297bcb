@NullMarked
package millrace.bench.policy;

import org.jspecify.annotations.NullMarked;
