package millrace.gateway.hub;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import org.junit.jupiter.api.Test;

class BatchLimitTest {
  private static final Duration QUICK = Duration.ofMillis(100);
  private static final Duration SLOW = Duration.ofMillis(101);

  private final BatchLimit limit = new BatchLimit(256, QUICK);

  @Test
  void itBeginsWithTheMost() {
    assertThat(limit.now()).isEqualTo(256);
  }

  @Test
  void aSlowCallHalvesWhatTheNextMayCarry() {
    limit.took(200, SLOW);
    assertThat(limit.now()).isEqualTo(100);
    limit.took(100, SLOW);
    assertThat(limit.now()).isEqualTo(50);
  }

  @Test
  void aLateCallThatCarriedMoreDoesNotRaiseIt() {
    limit.took(100, SLOW);
    limit.took(256, SLOW);
    assertThat(limit.now()).isEqualTo(50);
  }

  @Test
  void oneCommandIsAlwaysLetThrough() {
    for (int i = 0; i < 20; i++) limit.took(limit.now(), SLOW);
    assertThat(limit.now()).isEqualTo(1);
  }

  @Test
  void fullCallsThatAreQuickRaiseItAgainUpToTheMost() {
    for (int i = 0; i < 20; i++) limit.took(limit.now(), SLOW);
    limit.took(1, QUICK);
    assertThat(limit.now()).isEqualTo(2);
    for (int i = 0; i < 40; i++) limit.took(limit.now(), QUICK);
    assertThat(limit.now()).isEqualTo(256);
  }

  @Test
  void quickCallsWithRoomLeftSayNothing() {
    limit.took(100, SLOW);
    limit.took(10, QUICK);
    assertThat(limit.now()).isEqualTo(50);
  }
}
