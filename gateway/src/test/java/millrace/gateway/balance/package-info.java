@NullMarked
package millrace.gateway.balance;

import org.jspecify.annotations.NullMarked;
