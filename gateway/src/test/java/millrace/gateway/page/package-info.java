@NullMarked
package millrace.gateway.page;

import org.jspecify.annotations.NullMarked;
