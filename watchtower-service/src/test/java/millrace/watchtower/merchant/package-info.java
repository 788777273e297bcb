@NullMarked
package millrace.watchtower.merchant;

import org.jspecify.annotations.NullMarked;
