@NullMarked
package millrace.acceptance.deploy;

import org.jspecify.annotations.NullMarked;
