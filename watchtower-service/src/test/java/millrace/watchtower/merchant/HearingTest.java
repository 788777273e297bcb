package millrace.watchtower.merchant;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import millrace.protocol.type.Amount;
import org.junit.jupiter.api.Test;

class HearingTest {
  private static final Instant START = Instant.parse("2026-01-01T00:00:00Z");
  private static final Duration SILENCE = Duration.ofHours(1);

  @Test
  void aTowerThatNeverHeardCountsFromItsStart() {
    var hearing = new Hearing(Optional.empty(), START, SILENCE);
    assertThat(hearing.unheard(START.plusSeconds(60))).isEqualTo(Duration.ofSeconds(60));
  }

  @Test
  void whatWasNotedCountsAndTheHubHasAMomentAllTheSame() {
    var noted = Optional.of(START.minus(Duration.ofDays(3)));
    var hearing = new Hearing(noted, START, SILENCE);
    assertThat(hearing.unheard(START)).isEqualTo(SILENCE.minusMinutes(1));
    assertThat(hearing.unheard(START.plusSeconds(60))).isEqualTo(SILENCE);
    hearing.heard(START.plusSeconds(30));
    assertThat(hearing.unheard(START.plusSeconds(60))).isEqualTo(Duration.ofSeconds(30));
  }

  @Test
  void towersThatStartAgainAndAgainStillNoticeTheSilence() {
    var noted = Optional.of(START.minus(SILENCE.dividedBy(2)));
    var hearing = new Hearing(noted, START, SILENCE);
    assertThat(hearing.unheard(START)).isEqualTo(SILENCE.dividedBy(2));
  }

  @Test
  void aClockThatWasAheadDoesNotMakeTheHubHeardInTheFuture() {
    var hearing = new Hearing(Optional.of(START.plusSeconds(9_999)), START, SILENCE);
    assertThat(hearing.unheard(START.plusSeconds(5))).isEqualTo(Duration.ofSeconds(5));
  }

  @Test
  void whatIsOwedLongestCountsUntilItIsCredited() {
    var first = Due.next(Optional.empty(), Amount.of(500), Amount.of(100), START);
    assertThat(first).contains(new Due(Amount.of(500), START));
    var later = START.plusSeconds(100);
    assertThat(Due.next(first, Amount.of(900), Amount.of(499), later)).isEqualTo(first);
    assertThat(Due.next(first, Amount.of(900), Amount.of(500), later))
        .contains(new Due(Amount.of(900), later));
    assertThat(Due.next(first, Amount.of(900), Amount.of(900), later)).isEmpty();
  }
}
