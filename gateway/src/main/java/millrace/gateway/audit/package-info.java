/// What keys and the operator did.
@NullMarked
package millrace.gateway.audit;

import org.jspecify.annotations.NullMarked;
