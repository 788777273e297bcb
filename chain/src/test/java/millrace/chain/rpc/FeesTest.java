package millrace.chain.rpc;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.math.BigInteger;
import org.junit.jupiter.api.Test;

class FeesTest {
  @Test
  void aReplacementOffersOneEighthMoreOfBoth() {
    var raised = fees(1_000, 80).raised();
    assertThat(raised.maxFeeWei()).isGreaterThanOrEqualTo(BigInteger.valueOf(1_125));
    assertThat(raised.priorityFeeWei()).isGreaterThanOrEqualTo(BigInteger.valueOf(90));
  }

  @Test
  void evenTheSmallestFeeGrows() {
    assertThat(fees(1, 0).raised().maxFeeWei()).isEqualTo(2);
  }

  @Test
  void thePriorityFeeCannotExceedTheWhole() {
    assertThatThrownBy(() -> fees(1, 2)).isInstanceOf(IllegalArgumentException.class);
  }

  private static Fees fees(long max, long priority) {
    return new Fees(BigInteger.valueOf(max), BigInteger.valueOf(priority));
  }
}
