package millrace.gateway.merchant;

import java.net.InetAddress;
import java.time.Instant;
import java.util.Optional;
import millrace.gateway.admission.RequestRate;
import org.springframework.boot.http.client.InetAddressFilter;

/// What a gateway remembers of a secret that it has seen.
///
/// @param secretUntil when this secret of the key ends, where another has taken its place
record KnownKey(
    Caller caller,
    Optional<Instant> secretUntil,
    Optional<InetAddressFilter> addresses,
    RequestRate rate) {
  static KnownKey of(ApiKey key, Optional<Instant> secretUntil, RequestRate rate) {
    var limits = key.limits();
    var caller =
        new Caller(key.merchantId(), key.id(), key.type() == KeyType.SECRET, key.scopes(), limits);
    return new KnownKey(caller, secretUntil, limits.addresses(), rate);
  }

  boolean expiredAt(Instant now) {
    return caller.limits().expiredAt(now)
        || secretUntil.filter(end -> !now.isBefore(end)).isPresent();
  }

  /// @param address as a literal, as the container gives it
  boolean usableFrom(String address) {
    return addresses.isEmpty() || addresses.get().matches(InetAddress.ofLiteral(address));
  }
}
