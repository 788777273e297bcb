/// What a merchant's books need: everything of a period, as a file.
@NullMarked
package millrace.gateway.report;

import org.jspecify.annotations.NullMarked;
