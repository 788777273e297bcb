@NullMarked
package millrace.payer;

import org.jspecify.annotations.NullMarked;
