/// The limits that the payment path is compared with: of the processor, of the disk, and of the way
/// between two services.
@NullMarked
package millrace.bench.micro;

import org.jspecify.annotations.NullMarked;
