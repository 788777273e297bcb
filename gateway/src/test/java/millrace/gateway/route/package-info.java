@NullMarked
package millrace.gateway.route;

import org.jspecify.annotations.NullMarked;
