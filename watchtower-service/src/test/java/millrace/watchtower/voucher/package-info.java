@NullMarked
package millrace.watchtower.voucher;

import org.jspecify.annotations.NullMarked;
