@NullMarked
package millrace.gateway.hub;

import org.jspecify.annotations.NullMarked;
