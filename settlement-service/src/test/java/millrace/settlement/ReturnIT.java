package millrace.settlement;

import static org.assertj.core.api.Assertions.assertThat;

import java.math.BigInteger;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicLong;
import millrace.chain.contract.ClaimRow;
import millrace.chain.contract.ContractCalls;
import millrace.chain.rpc.Bytes;
import millrace.embedded.DevAccount;
import millrace.embedded.DevChain;
import millrace.messaging.event.ChainEvent.ChannelStateSeen;
import millrace.messaging.event.ChannelEvent.DueChanged;
import millrace.messaging.event.ChannelEvent.GiveBackFailed;
import millrace.messaging.event.ChannelEvent.GiveBackRequested;
import millrace.messaging.event.ChannelEvent.MerchantEarned;
import millrace.messaging.event.ChannelEvent.PaymentAccepted;
import millrace.messaging.event.ChannelEvent.RefundAuthorized;
import millrace.messaging.event.GiveBackFailure;
import millrace.messaging.event.GiveBackMethod;
import millrace.messaging.event.SettlementEvent.ClaimConfirmed;
import millrace.messaging.event.SettlementEvent.DepositConfirmed;
import millrace.messaging.event.SettlementEvent.GiveBackGranted;
import millrace.messaging.event.SettlementEvent.PromiseIssued;
import millrace.messaging.event.SettlementEvent.RefundConfirmed;
import millrace.messaging.event.SettlementEvent.RefundFailed;
import millrace.messaging.event.SettlementEvent.RefundFailure;
import millrace.protocol.type.Address;
import millrace.protocol.type.Amount;
import millrace.protocol.type.MerchantId;
import millrace.protocol.type.PaymentId;
import millrace.protocol.type.RefundId;
import millrace.testkit.TestChain;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.web3j.abi.FunctionEncoder;
import org.web3j.abi.datatypes.Function;
import org.web3j.abi.datatypes.Type;
import org.web3j.abi.datatypes.generated.Uint128;

/// Payments that merchants give back on chain: out of what is in the channel and promised to
/// nobody, through the vault's refund.
class ReturnIT {
  private static final AtomicLong NUMBERS = new AtomicLong(800_000);

  private final DevChain chain = TestChain.start();
  private final Rig rig =
      new Rig(
          chain,
          Map.of(
              "millrace.settlement.promise.interval",
              "100ms",
              "millrace.settlement.claim.threshold",
              "20000"));
  private final Address one = Address.of("0x%040x".formatted(0xfed000 + NUMBERS.incrementAndGet()));
  private final MerchantId merchant =
      new MerchantId("mer_%026d".formatted(NUMBERS.incrementAndGet()));

  @AfterEach
  void stop() {
    rig.close();
    chain.close();
  }

  @Test
  void whatIsGivenBackLeavesTheChannelAndIsNeitherClaimedNorPromised() {
    var alice = funded(50_000);
    var paid = alice.pay(15_000);
    rig.publish(paid);
    earned(15_000);
    var asked = ask(alice, 4_000, 15_000);
    rig.publish(asked);
    rig.publish(asked);
    rig.await(GiveBackGranted.class, granted -> granted.refundId().equals(asked.refundId()));
    rig.publish(due(alice, paid, 11_000, 2));
    var sent = send(asked, alice, paid, 11_000);
    rig.publish(sent);
    rig.publish(sent);

    var confirmed = rig.await(RefundConfirmed.class, r -> r.refundId().equals(sent.refundId()));
    assertThat(confirmed.merchant()).contains(merchant);
    assertThat(confirmed.after().balance()).isEqualTo(Amount.of(46_000));
    assertThat(confirmed.after().claimed()).isEqualTo(Amount.of(11_000));
    assertThat(tokens(alice)).isEqualTo(Amount.of(4_000));
    rig.publish(due(alice, alice.pay(50_000), 46_000, 4));
    claimed(alice, 46_000);
    promise(11_000);
    earned(15_000);
    assertThat(highest()).isEqualTo(Amount.of(11_000));
    rig.publish(asked);
    rig.publish(sent);
    assertThat(rig.heard(RefundConfirmed.class))
        .filteredOn(refund -> refund.refundId().equals(asked.refundId()))
        .hasSize(1);
    assertThat(tokens(alice)).isEqualTo(Amount.of(4_000));
  }

  @Test
  void whatCouldNotLeaveForTheDailyLimitMayBePromisedAgain() {
    setRefundCap(3_999);
    var alice = funded(50_000);
    var paid = alice.pay(15_000);
    earned(15_000);
    var asked = ask(alice, 4_000, 15_000);
    rig.publish(asked);
    rig.await(GiveBackGranted.class, granted -> granted.refundId().equals(asked.refundId()));
    rig.publish(send(asked, alice, paid, 11_000));

    var failed = rig.await(RefundFailed.class, r -> r.refundId().equals(asked.refundId()));
    assertThat(failed.reason()).contains(RefundFailure.DAILY_LIMIT);
    assertThat(failed.merchant()).contains(merchant);
    assertThat(tokens(alice)).isEqualTo(Amount.ZERO);
    assertThat(givenBack()).isEqualTo(4_000);
    var told = failed(asked);
    rig.publish(told);
    rig.publish(told);
    rig.publish(due(alice, paid, 15_000, 1));
    rig.publish(alice.pay(25_000));
    rig.await("nothing is given back any more", () -> givenBack() == 0);
    claimed(alice, 25_000);
    promise(15_000);
    rig.publish(told);
    var next = ask(alice, 1, 15_000);
    rig.publish(next);
    rig.await(
        "the next one is decided",
        () -> rig.jdbc().sql("SELECT count(*) FROM give_back").query(Long.class).single() == 2);
    assertThat(givenBack()).isZero();
  }

  /// The watchtower, or a claim that was on its way, knows an older due.
  @Test
  void whatAnOlderClaimTookFirstDoesNotLeaveAndNothingIsLost() {
    var alice = funded(15_000);
    var paid = alice.pay(15_000);
    earned(15_000);
    var asked = ask(alice, 4_000, 15_000);
    rig.publish(asked);
    rig.await(GiveBackGranted.class, granted -> granted.refundId().equals(asked.refundId()));
    rig.send(
        DevAccount.WATCHTOWER.address(),
        chain.deployment().vault(),
        ContractCalls.claim(
            List.of(new ClaimRow(alice.config(), paid.voucher(), Amount.of(15_000)))));
    rig.publish(send(asked, alice, paid, 11_000));

    var failed = rig.await(RefundFailed.class, r -> r.refundId().equals(asked.refundId()));
    assertThat(failed.reason()).contains(RefundFailure.TOO_LITTLE_UNCLAIMED);
    rig.publish(failed(asked));
    rig.publish(paid);
    rig.await(
        ChannelStateSeen.class,
        seen ->
            seen.channelId().equals(alice.channel())
                && seen.state().claimed().equals(Amount.of(15_000)));
    rig.publish(funded(40_000).pay(20_000)); // It is swept with the next claim.
    promise(15_000);
    assertThat(tokens(alice)).isEqualTo(Amount.ZERO);
  }

  private GiveBackRequested ask(Payer payer, long amount, long earned) {
    var number = NUMBERS.incrementAndGet();
    return new GiveBackRequested(
        new RefundId("re_%026d".formatted(number)),
        new PaymentId("pay_%026d".formatted(number)),
        payer.channel(),
        merchant,
        one,
        token(),
        Amount.of(amount),
        Amount.of(earned),
        Instant.now(),
        Optional.of(GiveBackMethod.ON_CHAIN));
  }

  private RefundAuthorized send(
      GiveBackRequested asked, Payer payer, PaymentAccepted paid, long totalClaimed) {
    return new RefundAuthorized(
        asked.refundId(),
        payer.channel(),
        payer.config(),
        paid.voucher(),
        Amount.of(totalClaimed),
        asked.amount(),
        Instant.now(),
        Optional.of(merchant));
  }

  private GiveBackFailed failed(GiveBackRequested asked) {
    return new GiveBackFailed(
        asked.refundId(),
        asked.paymentId(),
        asked.channelId(),
        merchant,
        token(),
        asked.amount(),
        Instant.now(),
        asked.method(),
        Optional.of(GiveBackFailure.TRANSACTION_FAILED));
  }

  private static DueChanged due(Payer payer, PaymentAccepted paid, long due, long sequence) {
    return new DueChanged(
        payer.channel(),
        payer.config(),
        paid.charged(),
        Amount.of(due),
        paid.voucher(),
        sequence,
        Instant.now());
  }

  private void earned(long total) {
    rig.publish(new MerchantEarned(merchant, one, token(), Amount.of(total), Instant.now()));
  }

  private Payer funded(long amount) {
    var payer = new Payer(chain, amount);
    rig.publish(payer.authorize(amount));
    rig.await(DepositConfirmed.class, c -> c.channelId().equals(payer.channel()));
    return payer;
  }

  private void claimed(Payer payer, long total) {
    rig.await(
        ClaimConfirmed.class,
        claim ->
            claim.channels().stream()
                .anyMatch(
                    channel ->
                        channel.channelId().equals(payer.channel())
                            && channel.totalClaimed().equals(Amount.of(total))));
  }

  private PromiseIssued promise(long cumulative) {
    return rig.await(
        PromiseIssued.class,
        issued -> issued.payee().equals(one) && issued.cumulative().equals(Amount.of(cumulative)));
  }

  private Amount highest() {
    return rig.heard(PromiseIssued.class).stream()
        .filter(issued -> issued.payee().equals(one))
        .map(PromiseIssued::cumulative)
        .reduce(Amount.ZERO, Amount::max);
  }

  private long givenBack() {
    return rig.jdbc().sql("SELECT sum(given_back)::bigint FROM earning").query(Long.class).single();
  }

  private Amount tokens(Payer payer) {
    return chain.tokenBalance(payer.key().address());
  }

  private Address token() {
    return chain.deployment().token();
  }

  private void setRefundCap(long perDay) {
    ofAdmin(
        "setRefundCap",
        new org.web3j.abi.datatypes.Address(token().toString()),
        new Uint128(perDay));
  }

  private void ofAdmin(String function, Type<?>... arguments) {
    var admin = DevAccount.DEPLOYER.address();
    chain.setBalance(admin, BigInteger.TEN.pow(18));
    var data = FunctionEncoder.encode(new Function(function, List.of(arguments), List.of()));
    rig.send(admin, chain.deployment().vault(), Bytes.of(data));
  }
}
