/// Pays merchants what they are owed.
@NullMarked
package millrace.channel.payout;

import org.jspecify.annotations.NullMarked;
