@NullMarked
package millrace.standalone.hub;

import org.jspecify.annotations.NullMarked;
