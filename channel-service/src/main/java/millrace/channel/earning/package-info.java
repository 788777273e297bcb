/// Tells what merchants have earned, so that they can be promised it before they ask.
@NullMarked
package millrace.channel.earning;

import org.jspecify.annotations.NullMarked;
