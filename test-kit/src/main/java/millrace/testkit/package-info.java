/// What integration tests start from: a real PostgreSQL, a real Kafka and a real chain, one of
/// each per JVM and only when asked for; named keys; and seeds for randomised tests.
@NullMarked
package millrace.testkit;

import org.jspecify.annotations.NullMarked;
