package millrace.settlement;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import millrace.chain.contract.ClaimForm;
import millrace.chain.contract.ContractCalls;
import millrace.embedded.DevChain;
import millrace.messaging.event.SettlementEvent.ClaimConfirmed;
import millrace.messaging.event.SettlementEvent.ClaimedChannel;
import millrace.messaging.event.SettlementEvent.DepositConfirmed;
import millrace.protocol.type.Amount;
import millrace.testkit.TestChain;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/// Fifteen payers pay ten times each. A sixteenth has armed a withdrawal and empties its channel in
/// front of the very claim, after the claim was checked and sent. A stock server's claim fails for
/// all of them then.
class PoisonedBatchIT {
  private static final int HONEST = 15;
  private static final int PAYMENTS = 10;
  private static final long DEPOSIT = 20_000;
  private static final long PRICE = 100;

  /// What the honest payers owe is not yet worth a claim; together with this payment it is.
  private static final long LAST_PRICE = 5_000;
  private static final long THRESHOLD = HONEST * PAYMENTS * PRICE + LAST_PRICE - PRICE;

  @ParameterizedTest
  @EnumSource(ClaimForm.class)
  void fifteenHonestChannelsArePaidInFullInTheSameRound(ClaimForm form) {
    try (var chain = TestChain.start();
        var rig = new Rig(chain, settings(form))) {
      var honest = funded(rig, chain, HONEST);
      var poisoner = funded(rig, chain, 1).getFirst();
      arm(rig, poisoner);

      chain.setAutomine(false);
      payTenTimesEach(rig, honest);
      rig.publish(poisoner.pay(LAST_PRICE)); // Now it is worth a claim, for all together.
      rig.await("the claim is on its way", () -> pending(chain) == 1);
      assertThat(rowsSent(rig)).isEqualTo(HONEST + 1);
      finishInFront(rig, chain, poisoner);
      chain.setAutomine(true);

      assertThat(chain.tokenBalance(poisoner.key().address())).isEqualTo(Amount.of(DEPOSIT));
      assertHonestWerePaidTogether(rig, honest);
      assertThat(rig.jdbc().sql("SELECT count(*) FROM claim_batch").query(Long.class).single())
          .isEqualTo(1);
      assertThat(
              rig.jdbc()
                  .sql("SELECT count(*) FROM claim_row WHERE skipped IS NOT NULL")
                  .query(Long.class)
                  .single())
          .isEqualTo(1);
    }
  }

  @ParameterizedTest
  @EnumSource(ClaimForm.class)
  void aChannelThatWasEmptiedBeforeIsNotEvenSent(ClaimForm form) {
    try (var chain = TestChain.start();
        var rig = new Rig(chain, settings(form))) {
      var honest = funded(rig, chain, HONEST);
      var poisoner = funded(rig, chain, 1).getFirst();
      arm(rig, poisoner);
      rig.send(
          poisoner.key().address(),
          chain.deployment().channels(),
          ContractCalls.finalizeWithdraw(poisoner.config()));
      rig.publish(poisoner.pay(PRICE));
      payTenTimesEach(rig, honest);
      var leaver = funded(rig, chain, 1).getFirst();
      arm(rig, leaver);
      rig.publish(leaver.pay(LAST_PRICE)); // The reason to claim now.

      assertHonestWerePaidTogether(rig, honest);
      assertThat(
              rig.jdbc()
                  .sql("SELECT count(*) FROM claim_row WHERE channel_id = ?")
                  .param(poisoner.channel().toArray())
                  .query(Long.class)
                  .single())
          .isZero();
    }
  }

  private static Map<String, Object> settings(ClaimForm form) {
    return Map.of(
        "millrace.chain.claims.form",
        form.name(),
        "millrace.settlement.claim.threshold",
        String.valueOf(THRESHOLD),
        "millrace.settlement.claim.max-gas-factor",
        "1");
  }

  private static List<Payer> funded(Rig rig, DevChain chain, int count) {
    var payers = new ArrayList<Payer>();
    for (int i = 0; i < count; i++) {
      var payer = new Payer(chain, DEPOSIT);
      var deposit = payer.authorize(DEPOSIT);
      rig.publish(deposit);
      rig.await(
          DepositConfirmed.class, c -> c.authorizationNonce().equals(deposit.authorizationNonce()));
      payers.add(payer);
    }
    return payers;
  }

  /// From now on the payer may take everything back at any moment.
  private static void arm(Rig rig, Payer payer) {
    var chain = rig.chain();
    rig.send(
        payer.key().address(),
        chain.deployment().channels(),
        ContractCalls.initiateWithdraw(payer.config(), Amount.of(DEPOSIT)));
    chain.increaseTime(Duration.ofSeconds(901));
  }

  private static void payTenTimesEach(Rig rig, List<Payer> payers) {
    for (int payment = 1; payment <= PAYMENTS; payment++) {
      for (var payer : payers) rig.publish(payer.pay(payment * PRICE));
    }
    rig.await(
        "all payments are known",
        () ->
            rig.jdbc()
                    .sql("SELECT count(*) FROM claimable WHERE charged = ?")
                    .param(PAYMENTS * PRICE)
                    .query(Long.class)
                    .single()
                == payers.size());
  }

  private static long pending(DevChain chain) {
    return Long.decode(chain.rpc("txpool_status").path("pending").asString());
  }

  private static long rowsSent(Rig rig) {
    return rig.jdbc().sql("SELECT count(*) FROM claim_row").query(Long.class).single();
  }

  /// The payer offers far more for its place in the block than the hub does.
  private static void finishInFront(Rig rig, DevChain chain, Payer payer) {
    var address = payer.key().address().toString();
    chain.rpc("anvil_impersonateAccount", address);
    var hash =
        chain
            .rpc(
                "eth_sendTransaction",
                Map.of(
                    "from",
                    address,
                    "to",
                    chain.deployment().channels().toString(),
                    "data",
                    ContractCalls.finalizeWithdraw(payer.config()).toString(),
                    "gas",
                    "0x30d40",
                    "maxFeePerGas",
                    "0xe8d4a51000",
                    "maxPriorityFeePerGas",
                    "0xe8d4a51000"))
            .asString();
    chain.mine(1);
    rig.await("mined", () -> chain.rpc("eth_getTransactionReceipt", hash).isObject());
    var receipt = chain.rpc("eth_getTransactionReceipt", hash);
    assertThat(receipt.path("status").asString()).isEqualTo("0x1");
    assertThat(receipt.path("transactionIndex").asString()).isEqualTo("0x0");
  }

  private static void assertHonestWerePaidTogether(Rig rig, List<Payer> honest) {
    var expected =
        honest.stream()
            .map(payer -> new ClaimedChannel(payer.channel(), Amount.of(PAYMENTS * PRICE)))
            .toList();
    var confirmed = rig.await(ClaimConfirmed.class, c -> c.channels().containsAll(expected));
    assertThat(confirmed.channels()).containsAll(expected);
  }
}
