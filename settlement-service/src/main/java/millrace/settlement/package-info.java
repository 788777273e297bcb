/// Relays deposits and refunds, claims channels in batches, sweeps to the vault and pays
/// merchants out.
@NullMarked
package millrace.settlement;

import org.jspecify.annotations.NullMarked;
