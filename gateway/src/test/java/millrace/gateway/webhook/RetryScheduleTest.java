package millrace.gateway.webhook;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;

class RetryScheduleTest {
  private final RetrySchedule schedule =
      new RetrySchedule(List.of(Duration.ofSeconds(5), Duration.ofMinutes(5)));

  @Test
  void eachFailureWaitsLongerUntilThereIsNoNext() {
    assertThat(schedule.afterAttempt(1, 0)).contains(Duration.ofSeconds(5));
    assertThat(schedule.afterAttempt(2, 0)).contains(Duration.ofMinutes(5));
    assertThat(schedule.afterAttempt(3, 0)).isEmpty();
  }

  @Test
  void jitterAddsAtMostAFifth() {
    assertThat(schedule.afterAttempt(1, 1)).contains(Duration.ofSeconds(6));
    assertThat(schedule.afterAttempt(1, 0.5)).contains(Duration.ofMillis(5_500));
  }
}
