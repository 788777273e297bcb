@NullMarked
package millrace.chain;

import org.jspecify.annotations.NullMarked;
