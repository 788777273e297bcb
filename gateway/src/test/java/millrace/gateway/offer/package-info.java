@NullMarked
package millrace.gateway.offer;

import org.jspecify.annotations.NullMarked;
