package millrace.gateway.admission;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class RequestRateTest {
  private static final long SECOND = 1_000_000_000L;

  @Test
  void aWindowsWorthMayComeAtOnceAndNoMore() {
    var rate = new RequestRate(10, Duration.ofSeconds(1), 0);
    for (int left = 9; left >= 0; left--) {
      var taken = rate.take(0);
      assertThat(taken.granted()).isTrue();
      assertThat(taken.remaining()).isEqualTo(left);
    }
    var refused = rate.take(0);
    assertThat(refused.granted()).isFalse();
    assertThat(refused.pause()).isEqualTo(Duration.ofSeconds(1));
    assertThat(refused.header()).isEqualTo("\"key\";r=0;t=1");
    assertThat(rate.policy()).isEqualTo("\"key\";q=10;w=1");
  }

  @Test
  void whatWasUsedComesBackEvenly() {
    var rate = new RequestRate(10, Duration.ofSeconds(10), 0);
    for (int i = 0; i < 10; i++) rate.take(0);
    var refused = rate.take(SECOND / 2);
    assertThat(refused.granted()).isFalse();
    assertThat(refused.pause()).isEqualTo(Duration.ofSeconds(1));
    assertThat(rate.take(SECOND).granted()).isTrue();
    assertThat(rate.take(SECOND).granted()).isFalse();
  }

  /// Goal: whenever requests come, no window has more than twice the limit, and what is refused
  /// may come after the pause that it was told. A failure names its seed.
  @ParameterizedTest(name = "seed {0}")
  @ValueSource(longs = {1, 2, 3, 4, 5})
  void noWindowHasMoreThanABurstAndItsRefill(long seed) {
    var random = new Random(seed);
    int limit = random.nextInt(1, 50);
    var rate = new RequestRate(limit, Duration.ofSeconds(1), 0);
    long now = 0;
    var granted = new java.util.ArrayDeque<Long>();
    for (int i = 0; i < 5_000; i++) {
      now += random.nextLong(SECOND / 20);
      var taken = rate.take(now);
      if (taken.granted()) {
        granted.add(now);
      } else {
        now += taken.pause().toNanos();
        assertThat(rate.take(now).granted()).isTrue();
        granted.add(now);
      }
      while (granted.peekFirst() < now - SECOND + 1) granted.removeFirst();
      assertThat(granted.size()).isLessThanOrEqualTo(2 * limit);
    }
  }
}
