/// The limits that the payment path is compared with: the processor's and the disk's.
@NullMarked
package millrace.bench.micro;

import org.jspecify.annotations.NullMarked;
