@NullMarked
package millrace.gateway.tenancy;

import org.jspecify.annotations.NullMarked;
