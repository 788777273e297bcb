/// What a hub signs for those whom it owes money, and what the vault honours.
@NullMarked
package millrace.protocol.vault;

import org.jspecify.annotations.NullMarked;
