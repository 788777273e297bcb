@NullMarked
package millrace.channel.payment;

import org.jspecify.annotations.NullMarked;
