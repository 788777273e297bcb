/// Lists, a page at a time.
@NullMarked
package millrace.gateway.page;

import org.jspecify.annotations.NullMarked;
