/// The command line of merchants, partners and operators. It knows the hub by its REST API only.
@NullMarked
package millrace.cli;

import org.jspecify.annotations.NullMarked;
