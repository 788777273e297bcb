@NullMarked
package millrace.watchtower.withdrawal;

import org.jspecify.annotations.NullMarked;
