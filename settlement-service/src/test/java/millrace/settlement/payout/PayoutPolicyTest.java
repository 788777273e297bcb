package millrace.settlement.payout;

import static org.assertj.core.api.Assertions.assertThat;

import java.math.BigInteger;
import java.time.Duration;
import java.time.Instant;
import java.util.Random;
import java.util.stream.LongStream;
import millrace.settlement.gas.GasPrice;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

class PayoutPolicyTest {
  private static final Instant NOW = Instant.parse("2026-01-01T12:00:00Z");
  private static final PayoutPolicy POLICY = new PayoutPolicy(Duration.ofHours(1), 40);

  @Test
  void nobodyWaitingIsNobodyToPay() {
    assertThat(POLICY.due(0, Instant.EPOCH, gas(100), NOW)).isFalse();
  }

  @ParameterizedTest
  @CsvSource({"0, 0", "50, 0", "100, 0", "125, 15", "150, 30", "200, 60", "5000, 60"})
  void dearGasIsWaitedForTheLongerTheDearer(long price, long minutes) {
    var since = NOW.minus(Duration.ofMinutes(minutes));
    assertThat(POLICY.due(1, since, gas(price), NOW)).isTrue();
    if (minutes == 0) return;
    assertThat(POLICY.due(1, since.plusSeconds(1), gas(price), NOW)).isFalse();
  }

  @Test
  void aFullBatchDoesNotWait() {
    assertThat(POLICY.due(39, NOW, gas(500), NOW)).isFalse();
    assertThat(POLICY.due(40, NOW, gas(500), NOW)).isTrue();
  }

  @Test
  void withoutPatienceNobodyWaits() {
    assertThat(new PayoutPolicy(Duration.ZERO, 40).due(1, NOW, gas(9_000), NOW)).isTrue();
  }

  static LongStream seeds() {
    return LongStream.range(0, 300);
  }

  /// Goal: more payouts, older ones and cheaper gas never make them wait, and the limit holds.
  @ParameterizedTest(name = "seed {0}")
  @MethodSource("seeds")
  void moreThatWaitAndCheaperGasNeverDelay(long seed) {
    var random = new Random(seed);
    var policy = new PayoutPolicy(Duration.ofSeconds(random.nextInt(7_200)), random.nextInt(1, 60));
    int waiting = random.nextInt(60);
    var since = NOW.minusSeconds(random.nextInt(7_300));
    long price = random.nextLong(300);
    boolean due = policy.due(waiting, since, gas(price), NOW);
    if (waiting == 0) {
      assertThat(due).isFalse();
      return;
    }
    if (!since.plus(policy.maxWait()).isAfter(NOW)) assertThat(due).isTrue();
    if (!due) return;
    assertThat(
            policy.due(
                waiting + random.nextInt(3),
                since.minusSeconds(random.nextInt(100)),
                gas(random.nextLong(price + 1)),
                NOW))
        .isTrue();
  }

  private static GasPrice gas(long price) {
    return new GasPrice(BigInteger.valueOf(price), BigInteger.valueOf(100));
  }
}
