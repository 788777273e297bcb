package millrace.watchtower.merchant;

import java.time.Duration;
import java.time.Instant;
import java.util.Optional;

/// For how long the hub has said nothing. A tower that was off itself has not listened, so it gives
/// the hub a moment before it believes what its notes say.
final class Hearing {
  private static final Duration MOMENT = Duration.ofMinutes(1);

  private volatile Instant heardAt;
  private final Instant notBefore;

  Hearing(Optional<Instant> noted, Instant startedAt, Duration silence) {
    this.heardAt = noted.filter(at -> at.isBefore(startedAt)).orElse(startedAt);
    var moment = silence.compareTo(MOMENT) < 0 ? silence : MOMENT;
    this.notBefore = startedAt.minus(silence).plus(moment);
  }

  void heard(Instant now) {
    heardAt = now;
  }

  Instant heardAt() {
    return heardAt;
  }

  Duration unheard(Instant now) {
    var since = heardAt.isBefore(notBefore) ? notBefore : heardAt;
    var silence = Duration.between(since, now);
    return silence.isNegative() ? Duration.ZERO : silence;
  }
}
