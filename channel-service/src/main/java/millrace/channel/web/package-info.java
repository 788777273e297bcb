/// What all internal endpoints share: limits and problems.
@NullMarked
package millrace.channel.web;

import org.jspecify.annotations.NullMarked;
