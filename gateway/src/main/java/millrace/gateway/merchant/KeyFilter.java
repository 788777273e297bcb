package millrace.gateway.merchant;

import java.time.Instant;
import java.util.Optional;
import millrace.gateway.page.Period;

/// Which keys somebody looks for.
record KeyFilter(Optional<KeyType> type, Optional<Status> status, Period period) {
  /// A revoked key is in no list.
  enum Status {
    ACTIVE,
    EXPIRED;

    static Status of(KeyLimits limits, Instant now) {
      return limits.expiresAt().filter(end -> !end.isAfter(now)).isPresent() ? EXPIRED : ACTIVE;
    }
  }
}
