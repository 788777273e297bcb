/// How values of the domain travel to PostgreSQL and back.
@NullMarked
package millrace.settlement.sql;

import org.jspecify.annotations.NullMarked;
