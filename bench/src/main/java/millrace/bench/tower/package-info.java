/// How fast a watchtower answers, alone and in a mass exit, and what a million channels cost it.
@NullMarked
package millrace.bench.tower;

import org.jspecify.annotations.NullMarked;
