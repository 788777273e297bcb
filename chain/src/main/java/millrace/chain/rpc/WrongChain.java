package millrace.chain.rpc;

import java.math.BigInteger;
import java.net.URI;

/// The node behind a configured address follows another chain: a mistake to start with, not an
/// outage to wait for.
public final class WrongChain extends RuntimeException {
  WrongChain(URI endpoint, BigInteger expected, BigInteger actual) {
    super(
        "the node at %s follows chain %s, not %s".formatted(endpoint.getHost(), actual, expected));
  }
}
