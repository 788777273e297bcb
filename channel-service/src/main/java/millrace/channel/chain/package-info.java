/// Takes in what chain, settlement and watchtower report.
@NullMarked
package millrace.channel.chain;

import org.jspecify.annotations.NullMarked;
