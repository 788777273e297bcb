package millrace.gateway.webhook;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.time.Instant;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class RetryAfterTest {
  private static final Instant NOW = Instant.parse("2026-11-29T12:00:00Z");

  @Test
  void secondsAndDatesAreUnderstood() {
    assertThat(RetryAfter.of("120", NOW)).contains(Duration.ofMinutes(2));
    assertThat(RetryAfter.of("Sun, 29 Nov 2026 12:01:00 GMT", NOW)).contains(Duration.ofMinutes(1));
  }

  @Test
  void nobodyIsWaitedForLongerThanADay() {
    assertThat(RetryAfter.of("999999999", NOW)).contains(Duration.ofHours(24));
    assertThat(RetryAfter.of("Sun, 29 Nov 2099 12:01:00 GMT", NOW)).contains(Duration.ofHours(24));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"", "soon", "-5", "1.5", "99999999999999999999", "Sun, 29 Nov 2020 12:00:00 GMT"})
  void whatSaysNothingIsPassedOver(String value) {
    assertThat(RetryAfter.of(value, NOW)).isEmpty();
  }
}
