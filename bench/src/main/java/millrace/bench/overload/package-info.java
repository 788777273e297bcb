/// `bench overload`: what a hub does with twice the load that it can take.
@NullMarked
package millrace.bench.overload;

import org.jspecify.annotations.NullMarked;
