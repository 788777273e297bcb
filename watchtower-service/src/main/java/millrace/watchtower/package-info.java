/// Makes sure that nobody takes money back that was already spent.
@NullMarked
package millrace.watchtower;

import org.jspecify.annotations.NullMarked;
