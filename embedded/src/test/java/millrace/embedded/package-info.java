@NullMarked
package millrace.embedded;

import org.jspecify.annotations.NullMarked;
