package millrace.settlement.payout;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.stream.LongStream;
import millrace.chain.contract.PromisedTotal;
import millrace.chain.contract.VaultReader.PayeeAccount;
import millrace.protocol.type.Address;
import millrace.protocol.type.Amount;
import millrace.settlement.payout.PayoutPlan.Request;
import millrace.settlement.payout.PayoutPlan.Situation;
import millrace.settlement.payout.Promises.Standing;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class PayoutPlanTest {
  private static final Address ONE = Address.of("0x%040x".formatted(1));
  private static final Address OTHER = Address.of("0x%040x".formatted(2));
  private static final long NOW = 1_000;

  @Test
  void promisesAddUpOnTopOfWhatWasPromised() {
    var plan =
        PayoutPlan.of(
            List.of(request("a", ONE, 10), request("b", ONE, 5), request("c", OTHER, 7)),
            situation(Map.of(ONE, active(100), OTHER, active(0)), Map.of(ONE, Amount.of(100)), 22));
    assertThat(plan.promises())
        .extracting(PayoutPlan.Promise::cumulative)
        .containsExactly(Amount.of(110), Amount.of(115), Amount.of(7));
    assertThat(plan.credits())
        .containsExactlyInAnyOrder(
            new PromisedTotal(ONE, Amount.of(115)), new PromisedTotal(OTHER, Amount.of(7)));
    assertThat(plan.shortfall()).isEqualTo(Amount.ZERO);
  }

  @Test
  void whatAPayeeRedeemedItselfCountsForItsNextPayouts() {
    var plan =
        PayoutPlan.of(
            List.of(request("a", ONE, 10)), situation(Map.of(ONE, active(100)), Map.of(), 0));
    assertThat(plan.promises())
        .containsExactly(new PayoutPlan.Promise(request("a", ONE, 10), Amount.of(10), Amount.ZERO));
    assertThat(plan.credits()).isEmpty();
    assertThat(plan.shortfall()).isEqualTo(Amount.ZERO);
  }

  @Test
  void aPromiseThatIsAheadOfThePayoutsIsNotMadeTwice() {
    var ahead = Map.of(ONE, new Standing(Amount.of(100), Amount.of(60), Amount.of(60)));
    var plan =
        PayoutPlan.of(
            List.of(request("a", ONE, 30), request("b", ONE, 15)),
            new Situation(Map.of(ONE, active(60)), ahead, Amount.of(5), Amount.ZERO, NOW, 40));
    assertThat(plan.promises())
        .extracting(PayoutPlan.Promise::cumulative)
        .containsExactly(Amount.of(90), Amount.of(105));
    assertThat(plan.promises())
        .extracting(PayoutPlan.Promise::more)
        .containsExactly(Amount.ZERO, Amount.of(5));
    assertThat(plan.credits()).containsExactly(new PromisedTotal(ONE, Amount.of(105)));
  }

  @Test
  void whatIsCreditedButNotSentYetIsSent() {
    var unsent = new PayeeAccount(Amount.of(100), Amount.of(60), NOW);
    var plan =
        PayoutPlan.of(
            List.of(request("a", ONE, 10)),
            situation(Map.of(ONE, unsent), Map.of(ONE, Amount.of(60)), 0));
    assertThat(plan.credits()).containsExactly(new PromisedTotal(ONE, Amount.of(70)));
  }

  @Test
  void nothingIsPromisedThatIsNotThereAndTheFirstIsNotOvertaken() {
    var plan =
        PayoutPlan.of(
            List.of(request("a", ONE, 30), request("b", OTHER, 5)),
            situation(Map.of(ONE, active(0), OTHER, active(0)), Map.of(), 22));
    assertThat(plan.promises()).isEmpty();
    assertThat(plan.shortfall()).isEqualTo(Amount.of(13));
  }

  @Test
  void anUnannouncedPayeeHoldsNobodyUp() {
    var plan =
        PayoutPlan.of(
            List.of(request("a", ONE, 20), request("b", OTHER, 5)),
            situation(
                Map.of(ONE, new PayeeAccount(Amount.ZERO, Amount.ZERO, 0), OTHER, active(0)),
                Map.of(),
                22));
    assertThat(plan.credits()).containsExactly(new PromisedTotal(OTHER, Amount.of(5)));
    assertThat(plan.shortfall()).isEqualTo(Amount.ZERO);
  }

  @Test
  void payeesAnnouncedLatelyShareADailyLimit() {
    var late = new PayeeAccount(Amount.ZERO, Amount.ZERO, NOW + 1);
    var plan =
        PayoutPlan.of(
            List.of(request("a", ONE, 40), request("b", OTHER, 20)),
            new Situation(
                Map.of(ONE, late, OTHER, late), Map.of(), Amount.of(100), Amount.of(50), NOW, 40));
    assertThat(plan.credits()).containsExactly(new PromisedTotal(ONE, Amount.of(40)));
  }

  @Test
  void whatWasPromisedAndNotCreditedIsSentAgain() {
    var plan =
        PayoutPlan.of(
            List.of(), situation(Map.of(ONE, active(60)), Map.of(ONE, Amount.of(100)), 0));
    assertThat(plan.credits()).containsExactly(new PromisedTotal(ONE, Amount.of(100)));
  }

  /// It stays promised, so its merchant redeems it; to send it again and again would only cost gas.
  @Test
  void whatNoBatchCanSayIsNotSentForEver() {
    var most = PromisedTotal.MOST_CREDITED;
    var promised = Map.of(ONE, most.plus(Amount.of(5)));
    var before = new PayeeAccount(most.minus(Amount.of(1)), Amount.ZERO, NOW);
    assertThat(PayoutPlan.of(List.of(), situation(Map.of(ONE, before), promised, 0)).credits())
        .hasSize(1);
    var after = new PayeeAccount(most, most, NOW);
    assertThat(PayoutPlan.of(List.of(), situation(Map.of(ONE, after), promised, 0)).credits())
        .isEmpty();
  }

  @Test
  void moreThanOneTransactionTakesIsLeftForTheNext() {
    var plan =
        PayoutPlan.of(
            List.of(request("a", ONE, 1), request("b", OTHER, 1), request("c", ONE, 1)),
            new Situation(
                Map.of(ONE, active(0), OTHER, active(0)),
                Map.of(),
                Amount.of(100),
                Amount.ZERO,
                NOW,
                1));
    assertThat(plan.promises()).extracting(p -> p.request().id()).containsExactly("a", "c");
    assertThat(plan.credits()).containsExactly(new PromisedTotal(ONE, Amount.of(2)));
  }

  static LongStream seeds() {
    return LongStream.range(0, 50);
  }

  /// Goal: whatever waits, promises never exceed the money there is and never fall.
  @ParameterizedTest(name = "seed {0}")
  @MethodSource("seeds")
  void promisesNeverExceedTheMoneyAndNeverFall(long seed) {
    var random = new Random(seed);
    var accounts = new HashMap<Address, PayeeAccount>();
    var promised = new HashMap<Address, Amount>();
    for (int i = 1; i <= 5; i++) {
      var payee = Address.of("0x%040x".formatted(i));
      accounts.put(payee, active(random.nextInt(50)));
      promised.put(payee, Amount.of(random.nextInt(50)));
    }
    var requests =
        random
            .ints(20, 0, 30)
            .mapToObj(
                amount ->
                    request(
                        "p" + random.nextLong(),
                        Address.of("0x%040x".formatted(random.nextInt(1, 7))),
                        amount + 1))
            .toList();
    long money = random.nextInt(200);
    var plan = PayoutPlan.of(requests, situation(accounts, promised, money));
    var sum =
        plan.promises().stream().map(PayoutPlan.Promise::more).reduce(Amount.ZERO, Amount::plus);
    assertThat(sum).isLessThanOrEqualTo(Amount.of(money));
    for (var credit : plan.credits()) {
      assertThat(credit.cumulative())
          .isGreaterThanOrEqualTo(promised.getOrDefault(credit.payee(), Amount.ZERO));
    }
    for (var promise : plan.promises()) {
      assertThat(promise.more()).isLessThanOrEqualTo(promise.request().amount());
    }
  }

  private static Situation situation(
      Map<Address, PayeeAccount> accounts, Map<Address, Amount> promised, long available) {
    var standings = new HashMap<Address, Standing>();
    promised.forEach(
        (payee, amount) -> standings.put(payee, new Standing(amount, amount, Amount.ZERO)));
    return new Situation(accounts, standings, Amount.of(available), Amount.ZERO, NOW, 40);
  }

  private static PayeeAccount active(long credited) {
    return new PayeeAccount(Amount.of(credited), Amount.of(credited), NOW);
  }

  private static Request request(String id, Address payee, long amount) {
    return new Request(id, payee, Amount.of(amount));
  }
}
