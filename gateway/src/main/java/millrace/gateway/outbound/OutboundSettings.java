package millrace.gateway.outbound;

import java.math.BigInteger;
import java.util.List;
import java.util.Set;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;

/// @param allowed addresses or CIDR ranges that upstreams and webhooks may lead to although they
///     are not on the public internet; empty but for development
@ConfigurationProperties("millrace.gateway.upstream")
public record OutboundSettings(@DefaultValue List<String> allowed) {
  private static final Set<BigInteger> DEVELOPMENT =
      Set.of(BigInteger.valueOf(31337), BigInteger.valueOf(1337));

  /// @throws IllegalStateException on a public network, where a list that was meant for
  ///     development would let merchants reach what is behind us
  public void requireFitFor(BigInteger chainId) {
    if (allowed.isEmpty() || DEVELOPMENT.contains(chainId)) return;
    throw new IllegalStateException(
        "millrace.gateway.upstream.allowed is for development chains only; chain "
            + chainId
            + " is none");
  }
}
