/// A merchant's own notes on what it makes here.
@NullMarked
package millrace.gateway.metadata;

import org.jspecify.annotations.NullMarked;
