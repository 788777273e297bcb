/// A hub as it is run: one process per service, PostgreSQL, Kafka and a chain beside them.
@NullMarked
package millrace.acceptance;

import org.jspecify.annotations.NullMarked;
