/// Sees that a payer leaves, and claims what is owed before the payer is gone.
@NullMarked
package millrace.watchtower.withdrawal;

import org.jspecify.annotations.NullMarked;
