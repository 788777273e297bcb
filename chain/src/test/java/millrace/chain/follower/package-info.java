@NullMarked
package millrace.chain.follower;

import org.jspecify.annotations.NullMarked;
