/// The newest voucher of every channel, checked here again and kept.
@NullMarked
package millrace.watchtower.voucher;

import org.jspecify.annotations.NullMarked;
