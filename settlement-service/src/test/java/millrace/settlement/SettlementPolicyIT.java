package millrace.settlement;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicLong;
import millrace.chain.contract.ContractCalls;
import millrace.embedded.DevChain;
import millrace.messaging.event.ChainEvent.WithdrawalSeen;
import millrace.messaging.event.ChannelEvent.PayoutRequested;
import millrace.messaging.event.SettlementEvent.ClaimConfirmed;
import millrace.messaging.event.SettlementEvent.ClaimedChannel;
import millrace.messaging.event.SettlementEvent.DepositConfirmed;
import millrace.messaging.event.SettlementEvent.PayoutConfirmed;
import millrace.protocol.channel.SignedVoucher;
import millrace.protocol.channel.Voucher;
import millrace.protocol.type.Address;
import millrace.protocol.type.Amount;
import millrace.protocol.type.MerchantId;
import millrace.protocol.type.PayoutId;
import millrace.testkit.TestChain;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/// What is claimed when neither value nor age is a reason.
class SettlementPolicyIT {
  private static final AtomicLong NUMBERS = new AtomicLong(700);
  private DevChain chain;
  private Rig rig;

  @BeforeEach
  void start() {
    chain = TestChain.start();
    rig =
        new Rig(
            chain,
            Map.of(
                "millrace.settlement.claim.threshold", "1000000000000",
                "millrace.settlement.claim.max-age", "10h",
                "millrace.settlement.claim.retry-after", "1h"));
  }

  @AfterEach
  void stop() {
    rig.close();
    chain.close();
  }

  @Test
  void aPayerWhoLeavesTakesNobodyElseAlongAndAPayoutTakesEverybody() {
    var alice = funded(40_000);
    var bob = funded(40_000);
    rig.publish(bob.pay(7_000));
    awaitClaimable(bob);
    leave(alice);
    rig.publish(alice.pay(100));
    var ofAlice = new ClaimedChannel(alice.channel(), Amount.of(100));
    assertThat(rig.await(ClaimConfirmed.class, c -> c.channels().contains(ofAlice)).channels())
        .containsExactly(ofAlice);

    var payout = payout(5_000);
    rig.publish(payout);
    rig.await(PayoutConfirmed.class, p -> p.payoutId().equals(payout.payoutId()));
    var ofBob = new ClaimedChannel(bob.channel(), Amount.of(7_000));
    rig.await(ClaimConfirmed.class, c -> c.channels().equals(List.of(ofBob)));
    assertThat(reasons()).containsExactly("WITHDRAWAL", "PAYOUT");
  }

  @Test
  void aRowOfALeavingPayerRestsAQuarterOfTheTimeLeftAtMost() {
    var alice = funded(40_000);
    var bob = funded(40_000);
    leave(bob);
    var forged = alice.voucher(5_000).signature();
    var voucher = new SignedVoucher(new Voucher(bob.channel(), Amount.of(5_000)), forged);
    rig.publish(bob.pay(5_000, voucher));
    rig.await("the row is left out", () -> failures(bob) == 1);
    var seconds =
        rig.jdbc()
            .sql(
                """
                SELECT extract(epoch FROM not_before - now()) FROM claimable
                 WHERE channel_id = ?
                """)
            .param(bob.channel().toArray())
            .query(Double.class)
            .single();
    assertThat(seconds).isLessThanOrEqualTo(bob.config().withdrawDelaySeconds() / 4.0 + 1);
  }

  @Test
  void aRowThatRestsIsTriedAtOnceWhenItsPayerLeaves() {
    var alice = funded(40_000);
    rig.publish(alice.pay(300));
    awaitClaimable(alice);
    rig.jdbc()
        .sql("UPDATE claimable SET not_before = now() + interval '1 day', failures = 4")
        .update();
    leave(alice);
    rig.await(
        ClaimConfirmed.class,
        c -> c.channels().contains(new ClaimedChannel(alice.channel(), Amount.of(300))));
  }

  private void leave(Payer payer) {
    rig.send(
        payer.key().address(),
        chain.deployment().channels(),
        ContractCalls.initiateWithdraw(payer.config(), Amount.of(1_000)));
    rig.await(WithdrawalSeen.class, seen -> seen.channelId().equals(payer.channel()));
  }

  private Payer funded(long amount) {
    var payer = new Payer(chain, amount);
    var authorized = payer.authorize(amount);
    rig.publish(authorized);
    rig.await(
        DepositConfirmed.class,
        c -> c.authorizationNonce().equals(authorized.authorizationNonce()));
    return payer;
  }

  private void awaitClaimable(Payer payer) {
    rig.await(
        "the payment is known",
        () ->
            rig.jdbc()
                    .sql("SELECT count(*) FROM claimable WHERE channel_id = ?")
                    .param(payer.channel().toArray())
                    .query(Long.class)
                    .single()
                == 1);
  }

  private long failures(Payer payer) {
    return rig.jdbc()
        .sql("SELECT coalesce(max(failures), 0) FROM claimable WHERE channel_id = ?")
        .param(payer.channel().toArray())
        .query(Long.class)
        .single();
  }

  private List<String> reasons() {
    return rig.jdbc().sql("SELECT reason FROM claim_batch ORDER BY id").query(String.class).list();
  }

  private PayoutRequested payout(long amount) {
    return new PayoutRequested(
        new PayoutId("po_%026d".formatted(NUMBERS.incrementAndGet())),
        new MerchantId("mer_%026d".formatted(8)),
        Address.of("0x%040x".formatted(0xabd000 + NUMBERS.incrementAndGet())),
        chain.deployment().token(),
        Amount.of(amount),
        Instant.now());
  }
}
