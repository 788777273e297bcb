package millrace.protocol.x402;

import java.math.BigInteger;
import java.util.regex.Pattern;

/// An EVM chain by its CAIP-2 name, `eip155:<chain id>`.
public record Network(BigInteger chainId) {
  private static final Pattern FORM = Pattern.compile("eip155:([1-9][0-9]{0,31})");

  public Network {
    if (chainId.signum() <= 0) throw new IllegalArgumentException("a chain id is positive");
  }

  public static Network of(long chainId) {
    return new Network(BigInteger.valueOf(chainId));
  }

  /// @throws IllegalArgumentException when the text is not `eip155:` and a chain id
  public static Network of(String caip2) {
    var matcher = FORM.matcher(caip2);
    if (!matcher.matches()) throw new IllegalArgumentException("not an eip155 network");
    return new Network(new BigInteger(matcher.group(1)));
  }

  @Override
  public String toString() {
    return "eip155:" + chainId;
  }
}
