@NullMarked
package millrace.gateway.payment;

import org.jspecify.annotations.NullMarked;
