@NullMarked
package millrace.payer.cli;

import org.jspecify.annotations.NullMarked;
