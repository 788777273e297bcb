/// Payments that merchants hand over, and what became of them.
@NullMarked
package millrace.gateway.payment;

import org.jspecify.annotations.NullMarked;
