/// How much is let in at once.
@NullMarked
package millrace.gateway.admission;

import org.jspecify.annotations.NullMarked;
