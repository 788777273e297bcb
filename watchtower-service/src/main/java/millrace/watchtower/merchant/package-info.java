/// A merchant's own tower: holds the hub's promises to one payee and has the vault pay them when
/// the operator reaches for the money or is not heard of any more. It needs a node, a key with some
/// gas, and one file; and it can send money nowhere but to the payee.
@NullMarked
package millrace.watchtower.merchant;

import org.jspecify.annotations.NullMarked;
