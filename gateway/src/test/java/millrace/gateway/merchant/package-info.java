@NullMarked
package millrace.gateway.merchant;

import org.jspecify.annotations.NullMarked;
