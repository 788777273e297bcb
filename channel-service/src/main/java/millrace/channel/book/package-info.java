/// The channels as stored: locked, decided upon by the pure rules, stored again.
@NullMarked
package millrace.channel.book;

import org.jspecify.annotations.NullMarked;
