@NullMarked
package millrace.bench.payments;

import org.jspecify.annotations.NullMarked;
