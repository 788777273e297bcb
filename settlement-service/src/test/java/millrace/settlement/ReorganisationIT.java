package millrace.settlement;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Map;
import millrace.embedded.DevChain;
import millrace.messaging.event.SettlementEvent.DepositFailed;
import millrace.messaging.event.SettlementEvent.PayoutFailed;
import millrace.protocol.type.Amount;
import millrace.testkit.TestChain;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// Reorganisations that a hub must not even be seen to notice: what they take away is done again,
/// once.
class ReorganisationIT {
  private static DevChain chain;
  private static Rig rig;
  private static Flow flow;

  @BeforeAll
  static void start() {
    chain = TestChain.start();
    rig =
        new Rig(
            chain,
            Map.of(
                "millrace.chain.confirmations", 8,
                "millrace.chain.max-reorg-depth", 16));
    flow = new Flow(rig);
  }

  @AfterAll
  static void stop() {
    rig.close();
    chain.close();
  }

  @ParameterizedTest(name = "{0} deep")
  @ValueSource(ints = {1, 5})
  void aDepositThatIsReorganisedAwayIsBroughtAgainAndCountsOnce(int depth) {
    var alice = flow.payer(50_000);
    flow.begin();
    var authorized = flow.deposit(alice, 30_000);
    flow.reorganiseAway("deposit", depth);
    assertThat(flow.confirmations(authorized)).isEmpty();
    flow.awaitDeposit(authorized);
    flow.await(
        "it is settled", () -> chain.tokenBalance(alice.key().address()).equals(Amount.of(20_000)));
    assertThat(flow.confirmations(authorized))
        .singleElement()
        .satisfies(c -> assertThat(c.after().balance()).isEqualTo(Amount.of(30_000)));
    assertThat(rig.heard(DepositFailed.class))
        .noneMatch(failed -> failed.channelId().equals(alice.channel()));
  }

  @ParameterizedTest(name = "{0} deep")
  @ValueSource(ints = {1, 5})
  void aClaimThatIsReorganisedAwayIsMadeAgainAndCountsOnce(int depth) {
    var alice = flow.funded(40_000);
    flow.begin();
    rig.publish(alice.pay(15_000));
    flow.reorganiseAway("claim", depth);
    assertThat(flow.claims(alice)).isEmpty();
    flow.awaitClaim(alice);
    assertThat(flow.claims(alice)).hasSize(1);
    assertThat(claimed(alice)).isEqualTo(15_000);
  }

  @ParameterizedTest(name = "{0} deep")
  @ValueSource(ints = {1, 5})
  void aPayoutThatIsReorganisedAwayIsPaidAgainAndOnce(int depth) {
    var alice = flow.funded(40_000);
    rig.publish(alice.pay(20_000));
    flow.awaitClaim(alice);
    flow.begin();
    var merchant = Flow.newMerchant();
    var payout = flow.payout(merchant, 7_000);
    flow.await("it is paid", () -> chain.tokenBalance(merchant).equals(Amount.of(7_000)));
    flow.reorganiseAway("credit", depth);
    assertThat(flow.payments(payout)).isEmpty();
    flow.awaitPayout(payout);
    chain.mine(20);
    var second = flow.payout(merchant, 100);
    flow.awaitPayout(second);
    assertThat(chain.tokenBalance(merchant)).isEqualTo(Amount.of(7_100));
    assertThat(flow.payments(payout)).hasSize(1);
    assertThat(rig.heard(PayoutFailed.class))
        .noneMatch(failed -> failed.payoutId().equals(payout.payoutId()));
  }

  private static long claimed(Payer payer) {
    return rig.jdbc()
        .sql("SELECT claimed FROM channel WHERE channel_id = :id")
        .param("id", payer.channel().toArray())
        .query(Long.class)
        .single();
  }
}
