/// Who is paid, and the keys with which it speaks to us.
@NullMarked
package millrace.gateway.merchant;

import org.jspecify.annotations.NullMarked;
