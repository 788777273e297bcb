package millrace.chain.sender;

import static org.assertj.core.api.Assertions.assertThat;

import java.math.BigInteger;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import millrace.chain.rpc.Bytes;
import millrace.chain.rpc.Fees;
import millrace.protocol.type.Address;
import org.junit.jupiter.api.Test;

class OffersTest {
  private static final BigInteger GWEI = BigInteger.TEN.pow(9);
  private static final Instant SEEN = Instant.ofEpochSecond(1_000_000);
  private static final Instant LATE = SEEN.plusSeconds(900);
  private static final long GAS = 100_000;
  private static final Fees MARKET = gwei(20, 1);
  private static final BigInteger RICH = BigInteger.TEN.pow(20);

  @Test
  void nothingIsRaisedBeforeAQuarterOfTheWindow() {
    var open = List.of(attempt(1, 20, urgent(500)));
    assertThat(Offers.due(open, SEEN.plusSeconds(250), MARKET, RICH)).isEmpty();
  }

  @Test
  void theUrgentOneIsRaisedToItsCurve() {
    var open = List.of(attempt(1, 20, urgent(500)));
    assertThat(Offers.due(open, LATE, MARKET, RICH))
        .containsExactly(new Offers.Raise(open.getFirst(), gwei(500, 500)));
  }

  @Test
  void soAreThoseThatItHasToWaitForAndNoneThatComeLater() {
    var ordinary = attempt(1, 20, Optional.empty());
    var poor = attempt(2, 20, urgent(100));
    var urgent = attempt(3, 20, urgent(500));
    var later = attempt(4, 20, Optional.empty());
    assertThat(Offers.due(List.of(ordinary, poor, urgent, later), LATE, MARKET, RICH))
        .containsExactly(
            new Offers.Raise(ordinary, gwei(500, 500)),
            new Offers.Raise(poor, gwei(500, 500)),
            new Offers.Raise(urgent, gwei(500, 500)));
  }

  @Test
  void anOfferThatNoNodeWouldTakeIsNotMade() {
    assertThat(Offers.due(List.of(attempt(1, 445, urgent(500))), LATE, MARKET, RICH)).isEmpty();
    assertThat(Offers.due(List.of(attempt(1, 444, urgent(500))), LATE, MARKET, RICH)).hasSize(1);
  }

  @Test
  void noMoreIsOfferedThanTheAccountCanPay() {
    var open = List.of(attempt(1, 20, urgent(500)));
    var enough = GWEI.multiply(BigInteger.valueOf(60 * GAS));
    assertThat(Offers.due(open, LATE, MARKET, enough))
        .containsExactly(new Offers.Raise(open.getFirst(), gwei(60, 60)));
    assertThat(Offers.due(open, LATE, MARKET, BigInteger.ONE)).isEmpty();
  }

  @Test
  void theFirstOfferIsWhatTheCurveSaysAsFarAsThereIsMoneyButNotBelowTheMarket() {
    assertThat(first(urgent(500), RICH)).isEqualTo(gwei(500, 500));
    assertThat(first(urgent(500), GWEI.multiply(BigInteger.valueOf(30 * GAS))))
        .isEqualTo(gwei(30, 30));
    assertThat(first(urgent(500), BigInteger.ZERO)).isEqualTo(MARKET);
    assertThat(first(Optional.empty(), RICH)).isEqualTo(MARKET);
  }

  private static Fees first(Optional<Urgency> urgency, BigInteger funds) {
    var request =
        new TransactionRequest(
            new Purpose("claim/1"), Address.ZERO, Bytes.EMPTY, new Gas.Fixed(GAS), urgency);
    return Offers.first(request, GAS, LATE, MARKET, funds);
  }

  private static Optional<Urgency> urgent(long worthGwei) {
    var worth = GWEI.multiply(BigInteger.valueOf(worthGwei * GAS));
    return Optional.of(new Urgency(SEEN, SEEN.plusSeconds(1_000), worth));
  }

  private static Attempt attempt(long nonce, long gwei, Optional<Urgency> urgency) {
    return new Attempt(
        nonce,
        1,
        nonce,
        Address.ZERO,
        Bytes.EMPTY,
        GAS,
        gwei(gwei, gwei),
        urgency,
        SEEN,
        Optional.empty(),
        Optional.empty());
  }

  private static Fees gwei(long whole, long tip) {
    return new Fees(
        GWEI.multiply(BigInteger.valueOf(whole)), GWEI.multiply(BigInteger.valueOf(tip)));
  }
}
