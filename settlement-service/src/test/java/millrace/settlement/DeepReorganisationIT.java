package millrace.settlement;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Map;
import millrace.messaging.event.ChainEvent.ChannelStateSeen;
import millrace.protocol.type.Amount;
import millrace.testkit.TestChain;
import org.junit.jupiter.api.Test;

/// A reorganisation deeper than a hub was told to expect: it stops, and a person decides.
class DeepReorganisationIT {
  @Test
  void depositClaimAndPayoutBeyondTheLimitFreezeTheHubAndEndReconciledOnceItGoesOn()
      throws Exception {
    try (var chain = TestChain.start();
        var rig =
            new Rig(
                chain,
                Map.of(
                    "millrace.chain.confirmations", 2,
                    "millrace.chain.max-reorg-depth", 4,
                    "millrace.chain.replace-after", "2s"))) {
      var flow = new Flow(rig);
      var alice = flow.payer(40_000);
      var bob = flow.payer(10_000);
      chain.mine(6);
      rig.await("it has followed", () -> head(rig) == chain.blockNumber());
      long before = chain.blockNumber();

      flow.awaitDeposit(flow.deposit(alice, 40_000));
      rig.publish(alice.pay(20_000));
      flow.awaitClaim(alice);
      var merchant = Flow.newMerchant();
      var payout = flow.payout(merchant, 7_000);
      flow.awaitPayout(payout);
      chain.mine(4);
      rig.await("it has followed", () -> head(rig) == chain.blockNumber());
      long sent = transactions(rig);

      chain.reorg(Math.toIntExact(chain.blockNumber() - before));
      rig.await("it is frozen", () -> rig.health("readiness").equals("DOWN"));
      assertThat(chain.tokenBalance(merchant)).isEqualTo(Amount.ZERO);
      var authorized = flow.deposit(bob, 10_000);
      var other = flow.payout(merchant, 50);
      rig.await(
          "both are taken in",
          () ->
              knows(rig, "payout", "id", other.payoutId().value())
                  && knows(
                      rig,
                      "deposit",
                      "authorization_nonce",
                      authorized.authorizationNonce().toArray()));
      Thread.sleep(2_000); // Long enough for twenty rounds of every worker.
      assertThat(transactions(rig)).isEqualTo(sent);

      rig.restart(Map.of());
      rig.await("it is still frozen", () -> rig.health("readiness").equals("DOWN"));

      // Whoever looked knows from where on the chain is another.
      rig.restart(Map.of("millrace.chain.resume-from", before));
      flow.awaitDeposit(authorized);
      flow.awaitPayout(other);
      flow.await(
          "everything is as it was", () -> chain.tokenBalance(merchant).equals(Amount.of(7_050)));
      assertThat(flow.payments(payout)).hasSize(1);
      assertThat(flow.payments(other)).hasSize(1);
      flow.await(
          "what was read of the channel is right again",
          () ->
              rig.heard(ChannelStateSeen.class).stream()
                  .filter(seen -> seen.channelId().equals(alice.channel()))
                  .reduce((_, later) -> later)
                  .map(
                      seen ->
                          seen.state().balance().equals(Amount.of(40_000))
                              && seen.state().claimed().equals(Amount.of(20_000)))
                  .orElse(false));
      assertThat(rig.health("readiness")).isEqualTo("UP");
    }
  }

  private static long head(Rig rig) throws Exception {
    return rig.get("/internal/settlement").path("head").asLong();
  }

  private static long transactions(Rig rig) {
    return rig.jdbc().sql("SELECT count(*) FROM chain_transaction").query(Long.class).single();
  }

  private static boolean knows(Rig rig, String table, String column, Object value) {
    var sql = "SELECT count(*) FROM %s WHERE %s = ?".formatted(table, column);
    return rig.jdbc().sql(sql).param(value).query(Long.class).single() == 1;
  }
}
