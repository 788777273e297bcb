/// Follows the chain block by block, by hash, so that a reorganisation cannot go unnoticed.
@NullMarked
package millrace.chain.follower;

import org.jspecify.annotations.NullMarked;
