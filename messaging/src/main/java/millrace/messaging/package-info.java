/// How events and commands are written, where they go, and how a service sends and receives them.
@NullMarked
package millrace.messaging;

import org.jspecify.annotations.NullMarked;
