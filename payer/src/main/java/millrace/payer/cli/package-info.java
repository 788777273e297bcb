/// The command line of a payer.
@NullMarked
package millrace.payer.cli;

import org.jspecify.annotations.NullMarked;
