/// Pays for HTTP resources from a payment channel. Begin at [Payer].
@NullMarked
package millrace.payer;

import org.jspecify.annotations.NullMarked;
