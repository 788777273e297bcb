package millrace.gateway.merchant;

import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;
import millrace.gateway.problem.Problem;
import millrace.gateway.problem.ProblemCode;
import millrace.protocol.type.Amount;
import org.springframework.boot.http.client.InetAddressFilter;

/// What keeps a key back beside its scopes. A key that has any makes no other keys: else it would
/// make itself one without.
///
/// @param expiresAt from then on it is worth nothing
/// @param allowedIps addresses and CIDR ranges that it may be used from; empty for all
/// @param dailySpend base units that it may move out of the balance in a day of UTC
/// @param requestsPerSecond fewer than the operator gives every key
public record KeyLimits(
    Optional<Instant> expiresAt,
    List<String> allowedIps,
    Optional<Amount> dailySpend,
    Optional<Integer> requestsPerSecond) {
  static final KeyLimits NONE =
      new KeyLimits(Optional.empty(), List.of(), Optional.empty(), Optional.empty());

  /// Literals only: a name would be looked up, and could mean something else the next time.
  private static final Pattern RANGE = Pattern.compile("[0-9a-fA-F.:]{2,45}(/[0-9]{1,3})?");

  public KeyLimits {
    allowedIps = List.copyOf(allowedIps);
  }

  boolean any() {
    return !equals(NONE);
  }

  boolean expiredAt(Instant now) {
    return expiresAt.filter(end -> !now.isBefore(end)).isPresent();
  }

  /// Which addresses it may be used from; empty for all.
  Optional<InetAddressFilter> addresses() {
    return allowedIps.isEmpty()
        ? Optional.empty()
        : Optional.of(InetAddressFilter.of(allowedIps.toArray(String[]::new)));
  }

  /// Ends the request when one of them is none.
  static void check(List<String> ranges) {
    for (int i = 0; i < ranges.size(); i++) {
      if (!isRange(ranges.get(i))) {
        throw Problem.of(
                ProblemCode.INVALID_REQUEST,
                "allowed_ips has IP addresses and CIDR ranges, like 203.0.113.7 or 2001:db8::/32.")
            .about("allowed_ips[" + i + "]")
            .asException();
      }
    }
  }

  private static boolean isRange(String text) {
    if (!RANGE.matcher(text).matches()) return false;
    try {
      InetAddressFilter.of(text);
      return true;
    } catch (IllegalArgumentException notOne) {
      return false;
    }
  }
}
