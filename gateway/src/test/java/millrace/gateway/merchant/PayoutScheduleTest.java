package millrace.gateway.merchant;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.DayOfWeek;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalTime;
import java.time.ZoneOffset;
import java.util.Random;
import java.util.stream.LongStream;
import millrace.gateway.merchant.PayoutSchedule.Interval;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

class PayoutScheduleTest {
  @ParameterizedTest
  @CsvSource({
    "DAILY, 2026-11-22T12:00:00Z, 2026-11-23",
    "DAILY, 2026-11-22T00:00:00Z, 2026-11-23",
    "DAILY, 2026-12-31T23:59:59Z, 2027-01-01",
    "DAILY, 2028-02-28T23:59:59Z, 2028-02-29",
    "WEEKLY, 2026-11-22T23:59:59Z, 2026-11-23",
    "WEEKLY, 2026-11-23T00:00:00Z, 2026-11-30",
    "MONTHLY, 2026-11-01T00:00:00Z, 2026-12-01",
    "MONTHLY, 2026-12-31T23:59:59Z, 2027-01-01"
  })
  void aPeriodBeginsAtMidnight(Interval interval, Instant after, String day) {
    assertThat(interval.next(after)).isEqualTo(day + "T00:00:00Z");
  }

  static LongStream seeds() {
    return LongStream.range(0, 200);
  }

  /// Goal: from any time on, periods follow each other without gap or repeat.
  @ParameterizedTest(name = "seed {0}")
  @MethodSource("seeds")
  void theNextPeriodIsAlwaysLaterAndTheFirstThereIs(long seed) {
    var random = new Random(seed);
    var at = Instant.ofEpochSecond(random.nextLong(4_000_000_000L));
    for (var interval : Interval.values()) {
      var next = interval.next(at);
      assertThat(next).isAfter(at);
      assertThat(next.atOffset(ZoneOffset.UTC).toLocalTime()).isEqualTo(LocalTime.MIDNIGHT);
      assertThat(interval.next(next.minusMillis(1))).isEqualTo(next);
      var days = Duration.between(at, next).toDays();
      var begins = next.atOffset(ZoneOffset.UTC);
      switch (interval) {
        case DAILY ->
            assertThat(Duration.between(at, next)).isLessThanOrEqualTo(Duration.ofDays(1));
        case WEEKLY -> {
          assertThat(days).isLessThanOrEqualTo(7);
          assertThat(begins.getDayOfWeek()).isEqualTo(DayOfWeek.MONDAY);
        }
        case MONTHLY -> {
          assertThat(days).isLessThanOrEqualTo(31);
          assertThat(begins.getDayOfMonth()).isEqualTo(1);
        }
      }
    }
  }
}
