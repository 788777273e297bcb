@NullMarked
package millrace.gateway.webhook;

import org.jspecify.annotations.NullMarked;
