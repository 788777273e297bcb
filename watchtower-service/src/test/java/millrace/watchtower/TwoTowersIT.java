package millrace.watchtower;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import millrace.chain.rpc.Rpc;
import millrace.embedded.DevAccount;
import millrace.embedded.DevChain;
import millrace.protocol.type.Amount;
import millrace.testkit.TestChain;
import millrace.testkit.TestKafka;
import millrace.testkit.TestPostgres;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/// Two towers, each with a database and a key of its own, for one hub.
class TwoTowersIT {
  private static final Amount OWED = Amount.of(4_000);

  private static DevChain chain;
  private static Rpc rpc;

  @BeforeAll
  static void start() {
    Awaitility.setDefaultTimeout(Duration.ofMinutes(2));
    chain = TestChain.start();
    rpc = Tower.rpc(chain);
  }

  @AfterAll
  static void stop() {
    rpc.close();
    chain.close();
  }

  @Test
  void whoRaceClaimOnceAndDoEachOtherNoHarm() {
    try (var first = tower(DevAccount.WATCHTOWER, "0s");
        var second = tower(DevAccount.SETTLEMENT, "0s")) {
      var alice = guarded(first, second);
      chain.setAutomine(false);
      alice.askToWithdraw(10_000);
      chain.mine(1);
      await().until(() -> first.attempts() == 1 && second.attempts() == 1);
      chain.mine(1);
      chain.setAutomine(true);
      await().untilAsserted(() -> assertThat(alice.claimed()).isEqualTo(OWED));
      chain.mine(3);
      for (var tower : List.of(first, second)) {
        await().until(() -> tower.verdict(alice).equals("SAFE"));
        assertThat(tower.claims(alice)).isEqualTo(1);
        assertThat(outcomes(tower)).containsOnly("SUCCEEDED");
      }
      assertThat(alice.state().balance()).isEqualTo(Amount.of(10_000));
    }
  }

  @Test
  void theLaterOneSpendsNothingWhileTheEarlierAnswersAndAnswersWhenThatIsGone() {
    try (var second = tower(DevAccount.SETTLEMENT, "10s")) {
      try (var first = tower(DevAccount.WATCHTOWER, "0s")) {
        var alice = guarded(first, second);
        alice.initiateWithdraw(10_000);
        await().untilAsserted(() -> assertThat(alice.claimed()).isEqualTo(OWED));
        chain.mine(3);
        await().until(() -> second.verdict(alice).equals("SAFE"));
        assertThat(second.claims(alice)).isZero();
      }
      var bob = guarded(second);
      bob.initiateWithdraw(10_000);
      await().untilAsserted(() -> assertThat(bob.claimed()).isEqualTo(OWED));
      assertThat(second.claims(bob)).isEqualTo(1);
    }
  }

  private static List<String> outcomes(Tower tower) {
    await()
        .until(
            () ->
                tower
                        .jdbc()
                        .sql("SELECT count(*) FROM claim WHERE ended_at IS NULL")
                        .query(Long.class)
                        .single()
                    == 0);
    return tower.jdbc().sql("SELECT outcome FROM claim").query(String.class).list();
  }

  private static Payer guarded(Tower... towers) {
    var payer = Payer.withChannel(chain, rpc, 10_000);
    Tower.publish(payer.paid(4_000, 1));
    for (var tower : towers) await().until(() -> tower.guardedSequence(payer) == 1);
    return payer;
  }

  private static Tower tower(DevAccount account, String headStart) {
    var changes = new HashMap<String, Object>();
    changes.put("millrace.watchtower.key", account.privateKey());
    changes.put("millrace.watchtower.head-start", headStart);
    return Tower.start(
        chain, TestKafka.bootstrapServers(), TestPostgres.freshDatabase(), Map.copyOf(changes));
  }
}
