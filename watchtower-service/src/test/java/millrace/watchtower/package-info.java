@NullMarked
package millrace.watchtower;

import org.jspecify.annotations.NullMarked;
