@NullMarked
package millrace.bench.claims;

import org.jspecify.annotations.NullMarked;
