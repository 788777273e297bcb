package millrace.gateway.outbound;

import java.net.Inet6Address;
import java.net.InetAddress;
import java.net.URI;
import java.net.URISyntaxException;
import java.net.UnknownHostException;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import org.apache.hc.client5.http.DnsResolver;
import org.springframework.boot.http.client.InetAddressFilter;

/// Which addresses a merchant may make us call: those of the public internet, and what the operator
/// named. Asked when an address is registered, so that the merchant hears of it, and again at every
/// connection, because a name may mean something else by then.
public final class AddressRule {
  private static final int MAX_URL_CHARS = 2_000;
  private static final int MAX_PORT = 65_535;
  private static final Set<String> SCHEMES = Set.of("http", "https");

  /// Ways to write an inner IPv4 address that are in there, too: 6to4, Teredo.
  private static final String[] TUNNELS = {"2002::/16", "2001::/32"};

  private final InetAddressFilter named;
  private final InetAddressFilter open;
  private final DnsResolver names;

  /// @param allowed addresses or CIDR ranges beside the public internet; for development
  public AddressRule(List<String> allowed, DnsResolver names) {
    this.names = names;
    this.named =
        allowed.isEmpty()
            ? InetAddressFilter.none()
            : InetAddressFilter.of(allowed.toArray(String[]::new));
    this.open =
        InetAddressFilter.externalAddresses()
            .and(InetAddressFilter.adapt(AddressRule::isGivenOut))
            .andNot(TUNNELS)
            .or(named);
  }

  /// Of IPv6 only `2000::/3` is given out to be reached from everywhere. The rest has many ways to
  /// write an inner address: compatible, translated, NAT64, site-local.
  private static boolean isGivenOut(InetAddress address) {
    return !(address instanceof Inet6Address) || (address.getAddress()[0] & 0xe0) == 0x20;
  }

  /// What is wrong with the URL as one to call; empty when nothing is.
  ///
  /// @param secure whether plain HTTP is only good for addresses that the operator named
  public Optional<String> objection(String url, boolean secure) {
    URI uri;
    try {
      uri = new URI(url);
    } catch (URISyntaxException e) {
      return Optional.of("is not a URL");
    }
    if (url.length() > MAX_URL_CHARS) return Optional.of("is too long");
    if (uri.getScheme() == null || !SCHEMES.contains(scheme(uri)) || uri.getHost() == null) {
      return Optional.of("must be an http or https URL with a host, in ASCII (xn--…)");
    }
    if (uri.getPort() == 0 || uri.getPort() > MAX_PORT) return Optional.of("names no port");
    if (uri.getRawUserInfo() != null) return Optional.of("must not hold credentials");
    if (uri.getRawFragment() != null) return Optional.of("must not have a fragment");
    try {
      resolver(secure && scheme(uri).equals("http")).resolve(uri.getHost());
      return Optional.empty();
    } catch (BlockedAddressException blocked) {
      return Optional.of(
          secure && scheme(uri).equals("http")
              ? "must be https"
              : "leads to an address that may not be called");
    } catch (UnknownHostException unknown) {
      return Optional.of("names a host that does not exist");
    }
  }

  /// @param onlyNamed whether the public internet is out of bounds, too
  DnsResolver resolver(boolean onlyNamed) {
    return new Filtered(names, onlyNamed ? named : open);
  }

  private static String scheme(URI uri) {
    return uri.getScheme().toLowerCase(Locale.ROOT);
  }

  /// Says no where the connection would be made, to the very address it would be made to.
  private record Filtered(DnsResolver names, InetAddressFilter filter) implements DnsResolver {
    @Override
    public InetAddress[] resolve(String host) throws UnknownHostException {
      var allowed =
          Arrays.stream(names.resolve(host)).filter(filter::matches).toArray(InetAddress[]::new);
      if (allowed.length == 0) throw new BlockedAddressException(host);
      return allowed;
    }

    @Override
    public String resolveCanonicalHostname(String host) throws UnknownHostException {
      return names.resolveCanonicalHostname(host);
    }
  }

  static final class BlockedAddressException extends UnknownHostException {
    BlockedAddressException(String host) {
      super(host + " leads to no address that may be called");
    }
  }
}
