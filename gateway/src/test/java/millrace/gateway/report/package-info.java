@NullMarked
package millrace.gateway.report;

import org.jspecify.annotations.NullMarked;
