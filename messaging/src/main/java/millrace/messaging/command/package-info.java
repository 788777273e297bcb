@NullMarked
package millrace.messaging.command;

import org.jspecify.annotations.NullMarked;
