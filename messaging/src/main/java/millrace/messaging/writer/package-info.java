/// The role in PostgreSQL that writes payments.
@NullMarked
package millrace.messaging.writer;

import org.jspecify.annotations.NullMarked;
