/// Server-sent events: streams that stay open, say that they are alive, and resume where they were.
@NullMarked
package millrace.gateway.stream;

import org.jspecify.annotations.NullMarked;
