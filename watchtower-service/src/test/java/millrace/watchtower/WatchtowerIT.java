package millrace.watchtower;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import java.math.BigInteger;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import millrace.chain.rpc.Rpc;
import millrace.chain.rpc.RpcSettings;
import millrace.embedded.DevChain;
import millrace.embedded.LocalKafka;
import millrace.messaging.Topics;
import millrace.protocol.type.Amount;
import millrace.testkit.Persona;
import millrace.testkit.TestChain;
import millrace.testkit.TestKafka;
import millrace.testkit.TestPostgres;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class WatchtowerIT {
  private static DevChain chain;
  private static Rpc rpc;

  @BeforeAll
  static void start() {
    Awaitility.setDefaultTimeout(Duration.ofMinutes(2));
    chain = TestChain.start();
    rpc =
        new Rpc(
            new RpcSettings(
                List.of(URI.create(chain.rpcUrl())),
                BigInteger.valueOf(chain.deployment().chainId()),
                Duration.ofSeconds(5),
                2));
  }

  @AfterAll
  static void stop() {
    rpc.close();
    chain.close();
  }

  @Test
  void answersAWithdrawalWhenEverythingElseIsGone(@TempDir Path directory) {
    var database = TestPostgres.freshDatabase();
    var alice = Payer.withChannel(chain, rpc, 10_000);
    try (var kafka = LocalKafka.in(directory).stoppedByCaller().start();
        var tower = Tower.start(chain, kafka.bootstrapServers(), database, Map.of())) {
      kafka.createTopicIfMissing(Topics.CHANNELS, 6);
      Tower.publish(kafka.bootstrapServers(), List.of(alice.paid(4_000, 7)));
      await().until(() -> tower.guardedSequence(alice) == 7);
    }

    // Nobody is there but the chain and the tower's own database.
    try (var tower = Tower.start(chain, "127.0.0.1:9", database, Map.of())) {
      alice.initiateWithdraw(10_000);
      var before = chain.blockNumber();
      await().untilAsserted(() -> assertThat(alice.claimed()).isEqualTo(Amount.of(4_000)));
      assertThat(chain.blockNumber()).isLessThanOrEqualTo(before + 2);
      chain.mine(3);
      await().until(() -> tower.verdict(alice).equals("SAFE"));
      assertThat(tower.claims(alice)).isEqualTo(1);
      assertThat(tower.guard().path("withdrawalsAnswered").asInt()).isEqualTo(1);
      assertThat(tower.get("/actuator/health/liveness")).contains("UP");
      assertThat(tower.get("/actuator/health/readiness")).contains("UP");
      assertThat(tower.get("/actuator/prometheus"))
          .contains("millrace_tower_head_lag_blocks", "millrace_tower_vouchers")
          .contains("millrace_tower_withdrawals_open", "millrace_tower_window_left_seconds")
          .contains("millrace_chain_gas_balance_ether");

      alice.finalizeWithdraw();
      chain.mine(3);
      await().until(() -> tower.guard().path("withdrawalsOpen").asInt() == 0);
      assertThat(alice.state().balance()).isEqualTo(Amount.of(4_000));
    }
  }

  @Test
  void claimsWhatIsDueAndNotWhatIsHeldOrWasGivenBack() {
    var alice = Payer.withChannel(chain, rpc, 10_000);
    try (var tower = tower(Map.of())) {
      Tower.publish(alice.paid(4_000, 4_000, 1), alice.paid(5_000, 3_200, 2));
      await().until(() -> tower.guardedSequence(alice) == 2);
      alice.initiateWithdraw(10_000);
      await().untilAsserted(() -> assertThat(alice.claimed()).isEqualTo(Amount.of(3_200)));
      chain.mine(3);
      await().until(() -> tower.verdict(alice).equals("SAFE"));
      assertThat(alice.claimed()).isEqualTo(Amount.of(3_200));
    }
  }

  /// Goal: what a merchant gives back on chain is the payer's at once; the tower claims none of it,
  /// though no payment tells of it.
  @Test
  void claimsNoMoreThanARefundOnChainLeavesDue() {
    var alice = Payer.withChannel(chain, rpc, 10_000);
    try (var tower = tower(Map.of())) {
      Tower.publish(alice.paid(4_000, 1), alice.due(4_000, 2_900, 2));
      await().until(() -> tower.guardedSequence(alice) == 2);
      alice.initiateWithdraw(10_000);
      await().untilAsserted(() -> assertThat(alice.claimed()).isEqualTo(Amount.of(2_900)));
      chain.mine(3);
      await().until(() -> tower.verdict(alice).equals("SAFE"));
      assertThat(alice.claimed()).isEqualTo(Amount.of(2_900));
    }
  }

  @Test
  void claimsAgainWhatAReorganisationRemoved() {
    var alice = Payer.withChannel(chain, rpc, 10_000);
    try (var tower = tower(Map.of())) {
      Tower.publish(alice.paid(4_000, 1));
      await().until(() -> tower.guardedSequence(alice) == 1);
      alice.initiateWithdraw(10_000);
      await().untilAsserted(() -> assertThat(alice.claimed()).isEqualTo(Amount.of(4_000)));
      chain.reorg(1);
      assertThat(alice.state().withdrawal()).isPresent();
      await().untilAsserted(() -> assertThat(alice.claimed()).isEqualTo(Amount.of(4_000)));
      chain.mine(3);
      await().until(() -> tower.verdict(alice).equals("SAFE"));
    }
  }

  @Test
  void doesNotRelyOnAClaimOfSettlementThatAReorganisationRemoves() {
    var alice = Payer.withChannel(chain, rpc, 10_000);
    try (var tower = tower(Map.of("millrace.watchtower.head-start", "1h"))) {
      Tower.publish(alice.paid(4_000, 1));
      await().until(() -> tower.guardedSequence(alice) == 1);
      alice.initiateWithdraw(10_000);
      alice.claimBySettlement(4_000, 4_000);
      await().until(() -> tower.verdict(alice).equals("SETTLING"));
      assertThat(tower.claims(alice)).isZero();
      chain.reorg(1);
      // Half of the delay is all that the head start may take.
      chain.increaseTime(Duration.ofSeconds(Payer.DELAY_SECONDS / 2 + 1));
      await().untilAsserted(() -> assertThat(alice.claimed()).isEqualTo(Amount.of(4_000)));
      assertThat(tower.claims(alice)).isEqualTo(1);
    }
  }

  @Test
  void leavesAWithdrawalToSettlementThatAnswersIt() {
    var alice = Payer.withChannel(chain, rpc, 10_000);
    try (var tower = tower(Map.of("millrace.watchtower.head-start", "1h"))) {
      Tower.publish(alice.paid(4_000, 1));
      await().until(() -> tower.guardedSequence(alice) == 1);
      alice.initiateWithdraw(10_000);
      alice.claimBySettlement(4_000, 4_000);
      await().until(() -> tower.verdict(alice).equals("SETTLING"));
      chain.mine(3);
      await().until(() -> tower.verdict(alice).equals("SAFE"));
      assertThat(tower.claims(alice)).isZero();
    }
  }

  @Test
  void answersWhatHappenedWhileItWasDown() {
    var database = TestPostgres.freshDatabase();
    var alice = Payer.withChannel(chain, rpc, 10_000);
    Tower.publish(alice.paid(4_000, 1));
    try (var tower = Tower.start(chain, TestKafka.bootstrapServers(), database, Map.of())) {
      await().until(() -> tower.guardedSequence(alice) == 1);
    }
    alice.initiateWithdraw(10_000);
    chain.mine(5);
    try (var tower = Tower.start(chain, TestKafka.bootstrapServers(), database, Map.of())) {
      await().untilAsserted(() -> assertThat(alice.claimed()).isEqualTo(Amount.of(4_000)));
      assertThat(tower.claims(alice)).isEqualTo(1);
    }
  }

  @Test
  void findsAWithdrawalThatIsOlderThanWhatItFollows() {
    var alice = Payer.withChannel(chain, rpc, 10_000);
    alice.initiateWithdraw(10_000);
    chain.mine(5);
    var fromNowOn = Map.<String, Object>of("millrace.chain.start-block", chain.blockNumber());
    try (var _ = tower(fromNowOn)) {
      Tower.publish(alice.paid(4_000, 1));
      await().untilAsserted(() -> assertThat(alice.claimed()).isEqualTo(Amount.of(4_000)));
    }
  }

  @Test
  void doesNotClaimWhileTheWithdrawalCannotTouchWhatIsOwedAndDoesAsSoonAsItCan() {
    var alice = Payer.withChannel(chain, rpc, 10_000);
    try (var tower = tower(Map.of())) {
      Tower.publish(alice.paid(4_000, 1));
      await().until(() -> tower.guardedSequence(alice) == 1);
      alice.initiateWithdraw(6_000);
      await().until(() -> tower.verdict(alice).equals("UNTOUCHABLE"));
      assertThat(tower.claims(alice)).isZero();
      assertThat(alice.claimed()).isEqualTo(Amount.ZERO);

      Tower.publish(alice.paid(4_001, 2));
      await().untilAsserted(() -> assertThat(alice.claimed()).isEqualTo(Amount.of(4_001)));
      Tower.publish(alice.paid(5_000, 3));
      await().untilAsserted(() -> assertThat(alice.claimed()).isEqualTo(Amount.of(5_000)));
      assertThat(tower.claims(alice)).isEqualTo(2);
    }
  }

  @Test
  void watchesAgainWhenTheEndOfAWithdrawalIsRemovedInSpiteOfItsConfirmations() {
    var alice = Payer.withChannel(chain, rpc, 10_000);
    try (var tower = tower(Map.of("millrace.chain.confirmations", 1))) {
      Tower.publish(alice.paid(4_000, 1));
      await().until(() -> tower.guardedSequence(alice) == 1);
      alice.initiateWithdraw(6_000);
      await().until(() -> tower.verdict(alice).equals("UNTOUCHABLE"));
      alice.finalizeWithdraw();
      await().until(() -> tower.verdict(alice).equals("GONE"));
      chain.reorg(1);
      await().until(() -> tower.verdict(alice).equals("UNTOUCHABLE"));
      Tower.publish(alice.paid(4_001, 2));
      await().untilAsserted(() -> assertThat(alice.claimed()).isEqualTo(Amount.of(4_001)));
    }
  }

  @Test
  void answersWithdrawalsThatComeTogetherInOneClaim() {
    var payers = Stream.generate(() -> Payer.withChannel(chain, rpc, 10_000)).limit(5).toList();
    try (var tower = tower(Map.of())) {
      for (var payer : payers) Tower.publish(payer.paid(2_000, 1));
      for (var payer : payers) await().until(() -> tower.guardedSequence(payer) == 1);
      chain.setAutomine(false);
      try {
        payers.forEach(payer -> payer.askToWithdraw(10_000));
        chain.mine(1);
      } finally {
        chain.setAutomine(true);
      }
      for (var payer : payers) {
        await().untilAsserted(() -> assertThat(payer.claimed()).isEqualTo(Amount.of(2_000)));
      }
      assertThat(tower.jdbc().sql("SELECT count(*) FROM claim").query(Long.class).single())
          .isEqualTo(1);
    }
  }

  @Test
  void aForgedVoucherNeverReplacesAGoodOneAndAnOlderOneChangesNothing() {
    var alice = Payer.withChannel(chain, rpc, 10_000);
    var last = Payer.withChannel(chain, rpc, 10_000);
    try (var tower = tower(Map.of())) {
      Tower.publish(
          alice.paid(1_000, 1),
          alice.paid(4_000, 4),
          alice.paid(alice.signed(Persona.MALLORY.key(), 9_000), 9_000, 5),
          alice.paid(alice.voucher(4_500), 5_000, 6),
          alice.paid(3_000, 3),
          alice.paid(alice.voucher(1_000), 1_000, Long.MAX_VALUE));
      await().until(() -> tower.guardedSequence(alice) == 4);
      Tower.publish(alice.paid(alice.signed(Persona.MALLORY.key(), 9_500), 9_500, 7));
      Tower.publish(alice.paid(2_000, 2));
      Tower.publish(last.paid(1, 1));
      await().until(() -> tower.guardedSequence(last) == 1);
      Tower.publish(alice.paid(4_100, 5));
      await().until(() -> tower.guardedSequence(alice) == 5);
      alice.initiateWithdraw(10_000);
      await().untilAsserted(() -> assertThat(alice.claimed()).isEqualTo(Amount.of(4_100)));
    }
  }

  @Test
  void anOlderVoucherThatComesLastDoesNotHideTheNewestThatIsReadWithIt() {
    var alice = Payer.withChannel(chain, rpc, 10_000);
    Tower.publish(
        alice.paid(4_000, 4),
        alice.paid(alice.signed(Persona.MALLORY.key(), 9_000), 9_000, 5),
        alice.paid(3_000, 3),
        alice.paid(alice.voucher(1_000), 1_000, Long.MAX_VALUE));
    // All of it is there before it begins, so it is read at once.
    try (var tower = tower(Map.of())) {
      await().until(() -> tower.guardedSequence(alice) == 4);
    }
  }

  @Test
  void doesNotStartWithoutAKeyOrWithoutItsHub() {
    assertThatThrownBy(() -> tower(Map.of("millrace.watchtower.key", "")))
        .hasStackTraceContaining("millrace.watchtower.key must be set");
    assertThatThrownBy(() -> tower(Map.of("millrace.watchtower.key", "0x1234")))
        .hasStackTraceContaining("millrace.watchtower.key is not a private key");
    assertThatThrownBy(() -> tower(Map.of("millrace.hub.vault", "")))
        .hasStackTraceContaining("millrace.hub.vault must be set");
  }

  private static Tower tower(Map<String, Object> changes) {
    return Tower.start(chain, TestKafka.bootstrapServers(), TestPostgres.freshDatabase(), changes);
  }
}
