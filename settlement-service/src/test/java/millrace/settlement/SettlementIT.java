package millrace.settlement;

import static org.assertj.core.api.Assertions.assertThat;

import java.math.BigInteger;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicLong;
import millrace.chain.contract.ClaimRow;
import millrace.chain.contract.ContractCalls;
import millrace.embedded.DevAccount;
import millrace.embedded.DevChain;
import millrace.messaging.event.ChainEvent.ChannelStateSeen;
import millrace.messaging.event.ChainEvent.HeadSeen;
import millrace.messaging.event.ChainEvent.SweepSeen;
import millrace.messaging.event.ChainEvent.WithdrawalSeen;
import millrace.messaging.event.ChannelEvent.DepositAuthorized;
import millrace.messaging.event.ChannelEvent.PaymentAccepted;
import millrace.messaging.event.ChannelEvent.PayoutRequested;
import millrace.messaging.event.ChannelEvent.RefundAuthorized;
import millrace.messaging.event.SettlementEvent.ClaimConfirmed;
import millrace.messaging.event.SettlementEvent.ClaimedChannel;
import millrace.messaging.event.SettlementEvent.DepositConfirmed;
import millrace.messaging.event.SettlementEvent.DepositFailed;
import millrace.messaging.event.SettlementEvent.DepositFailure;
import millrace.messaging.event.SettlementEvent.PayoutConfirmed;
import millrace.messaging.event.SettlementEvent.PayoutFailed;
import millrace.messaging.event.SettlementEvent.RefundConfirmed;
import millrace.messaging.event.SettlementEvent.RefundFailed;
import millrace.messaging.event.SettlementEvent.VoucherPublished;
import millrace.protocol.channel.SignedVoucher;
import millrace.protocol.channel.Voucher;
import millrace.protocol.type.Address;
import millrace.protocol.type.Amount;
import millrace.protocol.type.Bytes32;
import millrace.protocol.type.MerchantId;
import millrace.protocol.type.PayoutId;
import millrace.protocol.type.RefundId;
import millrace.testkit.Persona;
import millrace.testkit.TestChain;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

class SettlementIT {
  private static final AtomicLong NUMBERS = new AtomicLong();
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
  void aDepositIsRelayedAndConfirmedWithTheStateItLeft() {
    var alice = new Payer(chain, 50_000);
    var authorized = alice.authorize(50_000);
    rig.publish(authorized);
    var confirmed = confirmation(authorized.authorizationNonce());
    assertThat(confirmed.amount()).isEqualTo(Amount.of(50_000));
    assertThat(confirmed.after().balance()).isEqualTo(Amount.of(50_000));
    assertThat(confirmed.after().withdrawal()).isEmpty();
    rig.await(
        ChannelStateSeen.class,
        seen ->
            seen.channelId().equals(alice.channel())
                && seen.state().balance().equals(Amount.of(50_000)));
    rig.await(HeadSeen.class, head -> head.block() >= confirmed.after().block());
  }

  @Test
  void oneAuthorizationIsOneDepositHoweverOftenItIsPublished() {
    var alice = new Payer(chain, 50_000);
    var authorized = alice.authorize(20_000);
    rig.publish(authorized);
    rig.publish(authorized);
    confirmation(authorized.authorizationNonce());
    rig.publish(authorized);
    var second = alice.authorize(20_000);
    rig.publish(second);
    assertThat(confirmation(second.authorizationNonce()).after().balance())
        .isEqualTo(Amount.of(40_000));
    assertThat(rig.heard(DepositConfirmed.class))
        .filteredOn(c -> c.authorizationNonce().equals(authorized.authorizationNonce()))
        .hasSize(1);
  }

  @Test
  void aDepositThatAStrangerRelayedIsRecognised() {
    var alice = new Payer(chain, 50_000);
    var authorized = alice.authorize(30_000);
    chain.setBalance(Persona.MALLORY.address(), BigInteger.TEN.pow(18));
    var transaction =
        rig.send(
            Persona.MALLORY.address(),
            chain.deployment().channels(),
            ContractCalls.deposit(
                alice.config(),
                Amount.of(30_000),
                chain.deployment().collector(),
                Payer.authorizationOf(authorized)));
    rig.publish(authorized);
    var confirmed = confirmation(authorized.authorizationNonce());
    assertThat(confirmed.transaction()).isEqualTo(transaction);
    assertThat(confirmed.after().balance()).isEqualTo(Amount.of(30_000));
  }

  @Test
  void aDepositThePayerCannotAffordFails() {
    var alice = new Payer(chain, 100);
    var authorized = alice.authorize(20_000);
    rig.publish(authorized);
    assertThat(failure(authorized.authorizationNonce()).reason())
        .isEqualTo(DepositFailure.INSUFFICIENT_BALANCE);
  }

  @Test
  void anExpiredAuthorizationFails() {
    var alice = new Payer(chain, 20_000);
    var authorized = alice.authorize(20_000, BigInteger.valueOf(1_000));
    rig.publish(authorized);
    assertThat(failure(authorized.authorizationNonce()).reason()).isEqualTo(DepositFailure.EXPIRED);
  }

  @Test
  void anAuthorizationSignedByAnotherFails() {
    var alice = new Payer(chain, 20_000);
    var bob = new Payer(chain, 20_000);
    var good = alice.authorize(20_000);
    var forged =
        new DepositAuthorized(
            good.channelId(),
            good.config(),
            good.authorizationNonce(),
            good.amount(),
            good.validAfter(),
            good.validBefore(),
            good.salt(),
            bob.authorize(20_000).signature(),
            good.at());
    rig.publish(forged);
    assertThat(failure(good.authorizationNonce()).reason())
        .isEqualTo(DepositFailure.SIMULATION_FAILED);
  }

  @Test
  void aPayerWhoLeavesIsReportedClaimedFromAndGetsNoTopUp() {
    var alice = funded(80_000);
    rig.send(
        alice.key().address(),
        chain.deployment().channels(),
        ContractCalls.initiateWithdraw(alice.config(), Amount.of(80_000)));
    var seen =
        rig.await(WithdrawalSeen.class, w -> w.channelId().equals(alice.channel())).withdrawal();
    assertThat(seen.amount()).isEqualTo(Amount.of(80_000));
    rig.publish(alice.pay(100));
    var claimed = claim(alice);
    assertThat(claimed.totalClaimed()).isEqualTo(Amount.of(100));
    var topUp = alice.authorize(10_000);
    chain.mint(alice.key().address(), Amount.of(10_000));
    rig.publish(topUp);
    assertThat(failure(topUp.authorizationNonce()).reason())
        .isEqualTo(DepositFailure.WITHDRAWAL_PENDING);
  }

  @Test
  void channelsThatTogetherOweEnoughAreClaimedInOneTransaction() {
    var alice = funded(40_000);
    var bob = funded(40_000);
    rig.publish(alice.pay(6_000));
    rig.publish(bob.pay(7_000));
    var confirmed =
        rig.await(
            ClaimConfirmed.class,
            c -> c.channels().contains(new ClaimedChannel(alice.channel(), Amount.of(6_000))));
    assertThat(confirmed.channels())
        .containsExactlyInAnyOrder(
            new ClaimedChannel(alice.channel(), Amount.of(6_000)),
            new ClaimedChannel(bob.channel(), Amount.of(7_000)));
    assertThat(confirmed.gasUsed()).isPositive();
    rig.await(
        VoucherPublished.class,
        p -> p.channelId().equals(bob.channel()) && p.ceiling().equals(Amount.of(7_000)));
    rig.await(
        ChannelStateSeen.class,
        seen ->
            seen.channelId().equals(alice.channel())
                && seen.state().claimed().equals(Amount.of(6_000)));
  }

  @Test
  void whatTheTowerClaimedCountsAndIsNotClaimedASecondTime() {
    var alice = funded(40_000);
    var bob = funded(40_000);
    var paid = alice.pay(3_000);
    rig.publish(paid);
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
    rig.publish(bob.pay(20_000));
    assertThat(claim(bob).totalClaimed()).isEqualTo(Amount.of(20_000));
    assertThat(
            rig.jdbc()
                .sql("SELECT count(*) FROM claim_row WHERE channel_id = ?")
                .param(alice.channel().toArray())
                .query(Long.class)
                .single())
        .isZero();
  }

  @Test
  void theNewestPaymentIsClaimedNotTheHighestCeiling() {
    var alice = funded(40_000);
    var earlier = alice.pay(9_000, alice.voucher(20_000));
    var later = alice.pay(11_000, alice.voucher(19_000));
    rig.publish(later);
    rig.publish(earlier);
    assertThat(claim(alice).totalClaimed()).isEqualTo(Amount.of(11_000));
    assertThat(rig.heard(VoucherPublished.class))
        .filteredOn(p -> p.channelId().equals(alice.channel()))
        .extracting(VoucherPublished::ceiling)
        .containsExactly(Amount.of(19_000));
  }

  @Test
  void aRowThatCannotBeClaimedDoesNotStopTheOthers() {
    var alice = funded(40_000);
    var bob = funded(40_000);
    rig.publish(forged(bob, alice));
    rig.publish(alice.pay(8_000));
    assertThat(claim(alice).totalClaimed()).isEqualTo(Amount.of(8_000));
    assertThat(rig.heard(ClaimConfirmed.class))
        .flatExtracting(ClaimConfirmed::channels)
        .noneMatch(c -> c.channelId().equals(bob.channel()));
    var skipped =
        rig.jdbc()
            .sql("SELECT count(*) FROM claim_row WHERE channel_id = ? AND skipped IS NOT NULL")
            .param(bob.channel().toArray())
            .query(Long.class)
            .single();
    assertThat(skipped).isEqualTo(1);
  }

  @Test
  void merchantsThatWaitArePaidExactlyAndTogether() throws Exception {
    var alice = funded(90_000);
    var one = newMerchant();
    var other = newMerchant();
    var first = payout(one, 21_000);
    var second = payout(other, 9_001);
    var third = payout(one, 500);
    rig.publish(first);
    rig.publish(second);
    rig.publish(third);
    rig.await(
        "both payees are announced and wait for money",
        () ->
            rig.jdbc()
                    .sql("SELECT coalesce(max(amount), 0) FROM shortfall")
                    .query(Long.class)
                    .single()
                >= 1);
    rig.publish(alice.pay(60_000));
    var paid = rig.await(PayoutConfirmed.class, p -> p.payoutId().equals(first.payoutId()));
    rig.await(PayoutConfirmed.class, p -> p.payoutId().equals(second.payoutId()));
    rig.await(PayoutConfirmed.class, p -> p.payoutId().equals(third.payoutId()));
    assertThat(chain.tokenBalance(one)).isEqualTo(Amount.of(21_500));
    assertThat(chain.tokenBalance(other)).isEqualTo(Amount.of(9_001));
    assertThat(paid.amount()).isEqualTo(Amount.of(21_000));
    rig.await(SweepSeen.class, s -> s.token().equals(chain.deployment().token()));
    rig.publish(first);
    rig.publish(payout(one, 100));
    rig.await("the next payout", () -> chain.tokenBalance(one).equals(Amount.of(21_600)));
    var summary = rig.get("/internal/settlement");
    assertThat(summary.path("claimTransactions").asLong()).isPositive();
    assertThat(summary.path("payoutsPaid").asLong()).isGreaterThanOrEqualTo(3);
    assertThat(summary.path("gasByPurpose").path("credit").asLong()).isPositive();
    assertThat(rig.get("/actuator/health/readiness").path("status").asString()).isEqualTo("UP");
  }

  @Test
  void aPayoutToAnAddressTheVaultCannotPayFails() {
    var bad = payout(chain.deployment().vault(), 100);
    rig.publish(bad);
    assertThat(rig.await(PayoutFailed.class, f -> f.payoutId().equals(bad.payoutId())).amount())
        .isEqualTo(Amount.of(100));
  }

  @Test
  void aPartOfAChannelIsRefundedAndThenTheRest() {
    var alice = funded(30_000);
    var part = refund(alice, 10_000, 5_000);
    rig.publish(part);
    var confirmed = rig.await(RefundConfirmed.class, r -> r.refundId().equals(part.refundId()));
    assertThat(confirmed.after().balance()).isEqualTo(Amount.of(25_000));
    assertThat(confirmed.after().claimed()).isEqualTo(Amount.of(10_000));
    assertThat(chain.tokenBalance(alice.key().address())).isEqualTo(Amount.of(5_000));
    rig.publish(part);
    var rest = refund(alice, 10_000, 15_000);
    rig.publish(rest);
    assertThat(
            rig.await(RefundConfirmed.class, r -> r.refundId().equals(rest.refundId()))
                .after()
                .balance())
        .isEqualTo(Amount.of(10_000));
    assertThat(chain.tokenBalance(alice.key().address())).isEqualTo(Amount.of(20_000));
  }

  @Test
  void aRefundOfMoreThanIsUnclaimedFailsAndMovesNothing() {
    var alice = funded(30_000);
    var tooMuch = refund(alice, 10_000, 20_001);
    rig.publish(tooMuch);
    rig.await(RefundFailed.class, r -> r.refundId().equals(tooMuch.refundId()));
    assertThat(chain.tokenBalance(alice.key().address())).isEqualTo(Amount.ZERO);
  }

  private static Payer funded(long amount) {
    var payer = new Payer(chain, amount);
    var authorized = payer.authorize(amount);
    rig.publish(authorized);
    confirmation(authorized.authorizationNonce());
    return payer;
  }

  /// A voucher for the victim's channel that somebody else signed.
  private static PaymentAccepted forged(Payer victim, Payer forger) {
    var signature = forger.voucher(5_000).signature();
    var voucher = new SignedVoucher(new Voucher(victim.channel(), Amount.of(5_000)), signature);
    return victim.pay(5_000, voucher);
  }

  private static ClaimedChannel claim(Payer payer) {
    return rig
        .await(
            ClaimConfirmed.class,
            c -> c.channels().stream().anyMatch(ch -> ch.channelId().equals(payer.channel())))
        .channels()
        .stream()
        .filter(ch -> ch.channelId().equals(payer.channel()))
        .findFirst()
        .orElseThrow();
  }

  private static DepositConfirmed confirmation(Bytes32 nonce) {
    return rig.await(DepositConfirmed.class, c -> c.authorizationNonce().equals(nonce));
  }

  private static DepositFailed failure(Bytes32 nonce) {
    return rig.await(DepositFailed.class, f -> f.authorizationNonce().equals(nonce));
  }

  private static Address newMerchant() {
    return Address.of("0x%040x".formatted(0xabc000 + NUMBERS.incrementAndGet()));
  }

  private static PayoutRequested payout(Address payee, long amount) {
    return new PayoutRequested(
        new PayoutId("po_%026d".formatted(NUMBERS.incrementAndGet())),
        new MerchantId("mer_%026d".formatted(7)),
        payee,
        chain.deployment().token(),
        Amount.of(amount),
        Instant.now());
  }

  private static RefundAuthorized refund(Payer payer, long totalClaimed, long amount) {
    return new RefundAuthorized(
        new RefundId("re_%026d".formatted(NUMBERS.incrementAndGet())),
        payer.channel(),
        payer.config(),
        payer.voucher(totalClaimed),
        Amount.of(totalClaimed),
        Amount.of(amount),
        Instant.now());
  }
}
