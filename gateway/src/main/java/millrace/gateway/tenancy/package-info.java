/// Whose rows a request may see, beneath what the code asks for.
@NullMarked
package millrace.gateway.tenancy;

import org.jspecify.annotations.NullMarked;
