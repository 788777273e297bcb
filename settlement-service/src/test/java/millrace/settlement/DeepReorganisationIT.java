package millrace.settlement;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Map;
import millrace.embedded.DevChain;
import millrace.messaging.event.ChannelEvent.DepositAuthorized;
import millrace.messaging.event.ChannelEvent.RefundAuthorized;
import millrace.messaging.event.SettlementEvent.RefundConfirmed;
import millrace.testkit.TestChain;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/// A reorganisation deeper than a hub was told to expect: it stops, and a person decides.
class DeepReorganisationIT {
  private static final int LIMIT = 4;

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
                "millrace.chain.confirmations",
                2,
                "millrace.chain.max-reorg-depth",
                LIMIT,
                "millrace.chain.replace-after",
                "2s",
                "millrace.settlement.claim.retry-after",
                "1s"));
    flow = new Flow(rig);
  }

  @AfterAll
  static void stop() {
    rig.close();
    chain.close();
  }

  @ParameterizedTest
  @EnumSource
  void beyondTheLimitTheHubFreezesAndEndsReconciledOnceItGoesOn(Step step) throws Exception {
    var carol = flow.funded(20_000);
    var deed = step.prepared(flow);
    flow.begin();
    deed.begin();
    flow.awaitDone(deed);
    chain.mine(LIMIT + 2);
    awaitFollowed();
    long block = flow.blockOf(step.kind()).orElseThrow();

    flow.reorganiseAway(step.kind(), LIMIT + 2);
    rig.await("it is frozen", () -> rig.health("readiness").equals("DOWN"));
    var authorized = flow.deposit(flow.payer(10_000), 10_000);
    var refund = flow.refund(carol, 1_000, 5_000);
    beginsNothing(authorized, refund);
    rig.restart(Map.of("millrace.chain.resume-from", ""));
    rig.await("it is still frozen", () -> rig.health("readiness").equals("DOWN"));
    beginsNothing(authorized, refund);

    // Whoever looked knows from where on the chain is another.
    rig.restart(Map.of("millrace.chain.resume-from", block - 1));
    flow.awaitDeposit(authorized);
    flow.await(
        "the refund is final",
        () ->
            flow.heard(RefundConfirmed.class).stream()
                .anyMatch(confirmed -> confirmed.refundId().equals(refund.refundId())));
    flow.awaitReconciled();
    deed.assertDoneOnce();
    assertThat(rig.health("readiness")).isEqualTo("UP");
  }

  /// What is asked for meanwhile is noted and no more.
  private static void beginsNothing(DepositAuthorized deposit, RefundAuthorized refund)
      throws InterruptedException {
    rig.await(
        "both are taken in",
        () ->
            knows("refund", "id", refund.refundId().value())
                && knows("deposit", "authorization_nonce", deposit.authorizationNonce().toArray()));
    long before = attempts();
    Thread.sleep(2_000); // Long enough for twenty rounds of every worker.
    assertThat(attempts()).isEqualTo(before);
    assertThat(flow.isOpenAndSigned("deposit") || flow.isOpenAndSigned("refund")).isFalse();
  }

  private static void awaitFollowed() {
    rig.await(
        "it has followed",
        () -> rig.get("/internal/settlement").path("head").asLong() == chain.blockNumber());
  }

  private static long attempts() {
    return rig.jdbc().sql("SELECT count(*) FROM chain_attempt").query(Long.class).single();
  }

  private static boolean knows(String table, String column, Object value) {
    var sql = "SELECT count(*) FROM %s WHERE %s = ?".formatted(table, column);
    return rig.jdbc().sql(sql).param(value).query(Long.class).single() == 1;
  }
}
