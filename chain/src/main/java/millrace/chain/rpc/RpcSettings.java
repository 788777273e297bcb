package millrace.chain.rpc;

import java.math.BigInteger;
import java.net.URI;
import java.time.Duration;
import java.util.List;

/// @param endpoints in order of preference
/// @param timeout of one request to one endpoint
/// @param attempts how often all endpoints are gone through before giving up
public record RpcSettings(List<URI> endpoints, BigInteger chainId, Duration timeout, int attempts) {
  public RpcSettings {
    endpoints = List.copyOf(endpoints);
    if (endpoints.isEmpty()) throw new IllegalArgumentException("no RPC endpoint is given");
    if (attempts < 1) throw new IllegalArgumentException("attempts must be at least 1");
    if (!timeout.isPositive()) throw new IllegalArgumentException("timeout must be positive");
  }
}
