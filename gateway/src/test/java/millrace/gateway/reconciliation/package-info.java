@NullMarked
package millrace.gateway.reconciliation;

import org.jspecify.annotations.NullMarked;
