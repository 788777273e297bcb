@NullMarked
package millrace.settlement.claim;

import org.jspecify.annotations.NullMarked;
