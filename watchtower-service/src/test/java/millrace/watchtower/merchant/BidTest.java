package millrace.watchtower.merchant;

import static org.assertj.core.api.Assertions.assertThat;

import java.math.BigInteger;
import java.util.Optional;
import millrace.chain.rpc.Fees;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class BidTest {
  private static final BigInteger MOST = BigInteger.valueOf(10_000);

  @Test
  void beginsWithWhatNodesSuggest() {
    assertThat(Bid.next(Optional.empty(), fees(100, 10), 0, MOST)).isEqualTo(fees(100, 10));
  }

  @Test
  void offersFourTimesAsMuchAtTheDeadline() {
    assertThat(Bid.next(Optional.empty(), fees(100, 10), 0.5, MOST)).isEqualTo(fees(250, 25));
    assertThat(Bid.next(Optional.empty(), fees(100, 10), 1, MOST)).isEqualTo(fees(400, 40));
  }

  @Test
  void neverOffersMoreThanTheMost() {
    assertThat(Bid.next(Optional.empty(), fees(20_000, 15_000), 0, MOST))
        .isEqualTo(fees(10_000, 10_000));
  }

  @Test
  void atTheMostTheLastOfferStands() {
    var last = fees(9_900, 100);
    assertThat(Bid.next(Optional.of(last), fees(20_000, 10), 1, MOST)).isEqualTo(last);
  }

  /// Or nodes would not take it in place of the last.
  @ParameterizedTest
  @ValueSource(longs = {1, 8, 100, 4_000, 8_000})
  void everyFurtherOfferIsAnEighthMoreOrTheSame(long start) {
    var last = fees(start, Math.max(1, start / 10));
    for (int block = 0; block < 60; block++) {
      var next = Bid.next(Optional.of(last), fees(50, 5), block / 60.0, MOST);
      if (!next.equals(last)) {
        var least = last.raised();
        assertThat(next.maxFeeWei()).isBetween(least.maxFeeWei(), MOST);
        assertThat(next.priorityFeeWei()).isGreaterThanOrEqualTo(least.priorityFeeWei());
      }
      last = next;
    }
    assertThat(last.raised().maxFeeWei()).isGreaterThan(MOST);
  }

  @Test
  void followsABaseFeeThatHasGrownTwentyfold() {
    assertThat(Bid.next(Optional.of(fees(100, 10)), fees(2_000, 10), 0, MOST).maxFeeWei())
        .isEqualTo(BigInteger.valueOf(2_000));
  }

  private static Fees fees(long max, long priority) {
    return new Fees(BigInteger.valueOf(max), BigInteger.valueOf(priority));
  }
}
