@NullMarked
package millrace.bench.micro;

import org.jspecify.annotations.NullMarked;
