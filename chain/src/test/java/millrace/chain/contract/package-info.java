@NullMarked
package millrace.chain.contract;

import org.jspecify.annotations.NullMarked;
