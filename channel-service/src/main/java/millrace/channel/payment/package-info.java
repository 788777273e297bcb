/// Takes payments, many in one transaction.
@NullMarked
package millrace.channel.payment;

import org.jspecify.annotations.NullMarked;
