/// Double-entry bookkeeping of one token: who owns what the hub holds.
@NullMarked
package millrace.channel.ledger;

import org.jspecify.annotations.NullMarked;
