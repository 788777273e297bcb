package millrace.settlement;

import static org.assertj.core.api.Assertions.assertThat;

import java.math.BigInteger;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import millrace.chain.contract.ClaimRow;
import millrace.chain.contract.ContractCalls;
import millrace.embedded.DevAccount;
import millrace.embedded.DevChain;
import millrace.messaging.event.ChainEvent.ChannelStateSeen;
import millrace.messaging.event.GuardEvent.WithdrawalAnswered;
import millrace.messaging.event.SettlementEvent.DepositConfirmed;
import millrace.protocol.type.Amount;
import millrace.protocol.type.Bytes32;
import millrace.testkit.TestChain;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/// What the watchtower did, in settlement's books.
class TowerClaimsIT {
  private static DevChain chain;
  private static Rig rig;

  @BeforeAll
  static void start() {
    chain = TestChain.start();
    rig = new Rig(chain, Map.of());
  }

  @AfterAll
  static void stop() {
    rig.close();
    chain.close();
  }

  @Test
  void whatTheTowerSaysItClaimedIsComparedWithWhatTheChannelsHave() throws Exception {
    var alice = new Payer(chain, 40_000);
    var authorized = alice.authorize(40_000);
    rig.publish(authorized);
    rig.await(
        DepositConfirmed.class,
        confirmed -> confirmed.authorizationNonce().equals(authorized.authorizationNonce()));
    var paid = alice.pay(3_000);
    var transaction =
        rig.send(
            DevAccount.WATCHTOWER.address(),
            chain.deployment().vault(),
            ContractCalls.claim(
                List.of(new ClaimRow(alice.config(), paid.voucher(), Amount.of(3_000)))));
    rig.await(
        ChannelStateSeen.class,
        seen ->
            seen.channelId().equals(alice.channel())
                && seen.state().claimed().equals(Amount.of(3_000)));
    var before = Books.of(rig).view().kept();
    assertThat(before.answersRead()).isEqualTo(before.answered());

    var told = answered(alice, 3_000, transaction, Instant.EPOCH);
    rig.publish(told);
    rig.publish(told);
    awaitAnswered(before.answered(), 3_000);
    assertThat(Books.of(rig).view().kept().answersRead())
        .isEqualTo(before.answersRead().add(BigInteger.valueOf(3_000)));

    // What came after the final block that the books are of is for later.
    var later = Bytes32.of("0x" + "ef".repeat(32));
    rig.publish(answered(alice, 9_999, later, Instant.now().plusSeconds(86_400)));
    var never = Bytes32.of("0x" + "ee".repeat(32));
    rig.publish(answered(alice, 3_007, never, Instant.EPOCH));
    awaitAnswered(before.answered(), 3_007);
    assertThat(Books.of(rig).view().kept().answersRead())
        .isEqualTo(before.answersRead().add(BigInteger.valueOf(3_000)));
    rig.jdbc().sql("DELETE FROM tower_claim WHERE total_claimed > 3000").update();
  }

  private static WithdrawalAnswered answered(
      Payer whose, long total, Bytes32 transaction, Instant at) {
    var amount = Amount.of(total);
    return new WithdrawalAnswered(whose.channel(), amount, amount, transaction, at);
  }

  private static void awaitAnswered(BigInteger before, long more) {
    rig.await(
        "what the tower said is kept",
        () -> Books.of(rig).view().kept().answered().equals(before.add(BigInteger.valueOf(more))));
  }
}
