@NullMarked
package millrace.gateway.paywall;

import org.jspecify.annotations.NullMarked;
