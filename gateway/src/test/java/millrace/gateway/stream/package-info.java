@NullMarked
package millrace.gateway.stream;

import org.jspecify.annotations.NullMarked;
