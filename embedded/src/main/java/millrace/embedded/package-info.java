/// What Millrace can start by itself: PostgreSQL, a Kafka broker and a development chain. The
/// one-process edition and the tests share these, so that both run against the real programs.
@NullMarked
package millrace.embedded;

import org.jspecify.annotations.NullMarked;
