@NullMarked
package millrace.testkit;

import org.jspecify.annotations.NullMarked;
