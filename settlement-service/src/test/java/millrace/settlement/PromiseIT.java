package millrace.settlement;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.micrometer.core.instrument.MeterRegistry;
import java.math.BigInteger;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicLong;
import millrace.chain.rpc.Bytes;
import millrace.embedded.DevAccount;
import millrace.embedded.DevChain;
import millrace.messaging.MessagingJson;
import millrace.messaging.command.BooksView;
import millrace.messaging.event.ChannelEvent.GiveBackRequested;
import millrace.messaging.event.ChannelEvent.MerchantEarned;
import millrace.messaging.event.ChannelEvent.PayoutCancelRequested;
import millrace.messaging.event.ChannelEvent.PayoutRequested;
import millrace.messaging.event.SettlementEvent.ClaimConfirmed;
import millrace.messaging.event.SettlementEvent.CreditSeen;
import millrace.messaging.event.SettlementEvent.DepositConfirmed;
import millrace.messaging.event.SettlementEvent.GiveBackDenied;
import millrace.messaging.event.SettlementEvent.GiveBackGranted;
import millrace.messaging.event.SettlementEvent.PayoutCancelRefused;
import millrace.messaging.event.SettlementEvent.PayoutCanceled;
import millrace.messaging.event.SettlementEvent.PayoutConfirmed;
import millrace.messaging.event.SettlementEvent.PromiseIssued;
import millrace.protocol.type.Address;
import millrace.protocol.type.Amount;
import millrace.protocol.type.MerchantId;
import millrace.protocol.type.PaymentId;
import millrace.protocol.type.PayoutId;
import millrace.protocol.type.RefundId;
import millrace.protocol.vault.Promise;
import millrace.protocol.vault.VaultDomain;
import millrace.testkit.Persona;
import millrace.testkit.TestChain;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.springframework.dao.DataAccessException;
import org.web3j.abi.FunctionEncoder;
import org.web3j.abi.datatypes.DynamicBytes;
import org.web3j.abi.datatypes.Function;
import org.web3j.abi.datatypes.Type;
import org.web3j.abi.datatypes.generated.Uint128;

/// What merchants are promised, and that it is never more than there is.
class PromiseIT {
  private static final AtomicLong NUMBERS = new AtomicLong(50_000);

  /// Of this test alone: the topics are those of all tests.
  private final Address one = payee();

  private final Address other = payee();
  private final DevChain chain = TestChain.start();
  private Rig rig = start("24h");

  private Rig start(String creditAfter) {
    return new Rig(
        chain,
        Map.of(
            "millrace.settlement.promise.interval",
            "100ms",
            "millrace.settlement.promise.credit-after",
            creditAfter));
  }

  @AfterEach
  void stop() {
    rig.close();
    chain.close();
  }

  @Test
  void aPromiseGrowsWithClaimedMoneyAndNobodyHasToAskForIt() throws Exception {
    earned(one, 30_000);
    earned(other, 10_000);
    var alice = funded(90_000);
    claimed(alice, 20_000);
    // Half of all that was earned is claimed, so everybody is promised the half of it.
    var half = promise(one, 15_000);
    promise(other, 5_000);
    assertThat(half.key()).isEqualTo(DevAccount.SETTLEMENT.address());
    assertThat(domain().signer(new Promise(one, token(), half.cumulative()), half.signature()))
        .contains(half.key());
    claimed(alice, 45_000);
    promise(one, 30_000);
    promise(other, 10_000);
    earned(one, 33_000);
    promise(one, 33_000);
    assertThat(highest(one).plus(highest(other)).units().longValueExact()).isEqualTo(43_000);
    var books =
        MessagingJson.strict().readValue(rig.get("/internal/books").toString(), BooksView.class);
    assertThat(books.kept().promised()).isEqualTo(43_000);
    assertThat(books.chain().claimed()).isEqualTo(Amount.of(45_000));
  }

  @Test
  void whatAMerchantRedeemedItselfIsKnownAndNotPaidAgain() {
    earned(one, 30_000);
    var alice = funded(90_000);
    claimed(alice, 30_000);
    var promise = promise(one, 30_000);
    rig.await("its payee is announced", () -> state(one).equals("ANNOUNCED"));

    redeem(promise);
    vaultCall(Persona.MALLORY.address(), "withdrawFor", address(one), address(token()));
    assertThat(chain.tokenBalance(one)).isEqualTo(Amount.of(30_000));

    rig.await(
        CreditSeen.class,
        seen -> seen.payee().equals(one) && seen.credited().equals(Amount.of(30_000)));
    var payout = payout(one, 30_000);
    rig.publish(payout);
    rig.await(PayoutConfirmed.class, paid -> paid.payoutId().equals(payout.payoutId()));
    earned(one, 31_000);
    claimed(alice, 45_000);
    promise(one, 31_000);
    var next = payout(one, 1_000);
    rig.publish(next);
    rig.await(PayoutConfirmed.class, paid -> paid.payoutId().equals(next.payoutId()));
    assertThat(chain.tokenBalance(one)).isEqualTo(Amount.of(31_000));
  }

  @Test
  void moneyThatTheAdministratorHasAnnouncedToTakeIsPromisedToNobody() {
    var alice = funded(90_000);
    claimed(alice, 40_000);
    vaultCall(DevAccount.DEPLOYER.address(), "announceTake", address(token()), uint128(25_000));
    earned(one, 40_000);
    promise(one, 15_000);
    claimed(alice, 60_000);
    promise(one, 35_000);
    assertThat(highest(one)).isEqualTo(Amount.of(35_000));
  }

  @Test
  void moneyThatWasClaimedBeyondTheChargeIsPromisedToNobody() {
    var alice = funded(90_000);
    claimed(alice, 40_000);
    var voucher = alice.voucher(40_000);
    rig.publish(alice.pay(40_000, voucher, 28_000));
    rig.await("it is noted", () -> count("SELECT count(*) FROM claimable WHERE due = 28000") == 1);
    earned(one, 40_000);
    promise(one, 28_000);
    assertThat(highest(one)).isEqualTo(Amount.of(28_000));
  }

  @Test
  void whatIsHeldOrWasGivenBackIsNotClaimed() {
    var alice = funded(90_000);
    rig.publish(alice.pay(40_000, alice.voucher(40_000), 28_000));
    rig.await(
        ClaimConfirmed.class,
        claim ->
            claim.channels().stream()
                    .filter(channel -> channel.channelId().equals(alice.channel()))
                    .allMatch(channel -> channel.totalClaimed().equals(Amount.of(28_000)))
                && claim.channels().stream()
                    .anyMatch(channel -> channel.channelId().equals(alice.channel())));
  }

  @Test
  void whatSomebodySentToTheVaultIsPromisedToNobody() {
    chain.mint(chain.deployment().vault(), Amount.of(7_000));
    var alice = funded(90_000);
    claimed(alice, 20_000);
    earned(one, 40_000);
    promise(one, 20_000);
    claimed(alice, 35_000);
    promise(one, 35_000);
    assertThat(highest(one)).isEqualTo(Amount.of(35_000));
  }

  @Test
  void aPayoutThatWaitsComesBeforeWhoeverAskedForNothing() {
    earned(other, 1_000_000);
    var payout = payout(one, 30_000);
    rig.publish(payout);
    rig.await("all of its money is missing", () -> shown("payout.shortfall") == 30_000);
    rig.await("its age is shown", () -> shown("payout.age.seconds") > 0);
    var alice = funded(90_000);
    claimed(alice, 20_000);
    claimed(alice, 32_000);
    rig.await(PayoutConfirmed.class, paid -> paid.payoutId().equals(payout.payoutId()));
    assertThat(shown("payout.age.seconds")).isZero();
    assertThat(shown("payout.shortfall")).isZero();
    promise(other, 2_000);
    assertThat(highest(other)).isEqualTo(Amount.of(2_000));
  }

  @Test
  void whatNobodyAsksForIsCreditedAfterAWhileAndSentWithTheNextPayout() {
    rig.close();
    rig = start("1s");
    earned(one, 30_000);
    var alice = funded(90_000);
    claimed(alice, 30_000);
    rig.await(
        CreditSeen.class,
        seen -> seen.payee().equals(one) && seen.credited().equals(Amount.of(30_000)));
    assertThat(chain.tokenBalance(one)).as("it stays in the vault").isEqualTo(Amount.ZERO);
    var payout = payout(one, 30_000);
    rig.publish(payout);
    rig.await(PayoutConfirmed.class, paid -> paid.payoutId().equals(payout.payoutId()));
    assertThat(chain.tokenBalance(one)).isEqualTo(Amount.of(30_000));
  }

  @Test
  void onlyWhatNobodyWasPromisedIsGivenBackAndThenPromisedToNobody() {
    var alice = funded(90_000);
    earned(one, 30_000);
    claimed(alice, 20_000);
    promise(one, 20_000);

    var tooMuch = refund(alice, one, 10_001, 30_000);
    rig.publish(tooMuch);
    rig.await(GiveBackDenied.class, denied -> denied.refundId().equals(tooMuch.refundId()));
    var fits = refund(alice, one, 4_000, 30_000);
    rig.publish(fits);
    rig.publish(fits);
    rig.await(GiveBackGranted.class, granted -> granted.refundId().equals(fits.refundId()));
    var afterwards = refund(alice, one, 6_001, 30_000);
    rig.publish(afterwards);
    rig.await(GiveBackDenied.class, denied -> denied.refundId().equals(afterwards.refundId()));

    claimed(alice, 45_000);
    promise(one, 26_000);
    assertThat(highest(one)).isEqualTo(Amount.of(26_000));
    assertThat(count("SELECT sum(given_back)::bigint FROM earning")).isEqualTo(4_000);
    assertThat(
            rig.heard(GiveBackGranted.class).stream()
                .filter(granted -> granted.refundId().equals(fits.refundId())))
        .hasSize(1);
  }

  @Test
  void aPayoutIsCanceledOnlyWhileNothingIsPromisedForIt() {
    var waiting = payout(one, 30_000);
    rig.publish(waiting);
    rig.publish(cancel(waiting));
    rig.await(PayoutCanceled.class, ended -> ended.payoutId().equals(waiting.payoutId()));
    rig.publish(cancel(waiting));
    rig.await(PayoutCancelRefused.class, told -> told.payoutId().equals(waiting.payoutId()));

    var alice = funded(90_000);
    claimed(alice, 30_000);
    var next = payout(one, 30_000);
    rig.publish(next);
    rig.await(PayoutConfirmed.class, paid -> paid.payoutId().equals(next.payoutId()));
    rig.publish(cancel(next));
    rig.await(PayoutCancelRefused.class, told -> told.payoutId().equals(next.payoutId()));
    assertThat(chain.tokenBalance(one)).isEqualTo(Amount.of(30_000));
    assertThat(count("SELECT count(*) FROM payout WHERE state = 'CANCELED'")).isEqualTo(1);
  }

  private static PayoutCancelRequested cancel(PayoutRequested payout) {
    return new PayoutCancelRequested(payout.payoutId(), payout.merchantId(), Instant.now());
  }

  private GiveBackRequested refund(Payer payer, Address payee, long amount, long earned) {
    var number = NUMBERS.incrementAndGet();
    return new GiveBackRequested(
        new RefundId("re_%026d".formatted(number)),
        new PaymentId("pay_%026d".formatted(number)),
        payer.channel(),
        merchant(payee),
        payee,
        token(),
        Amount.of(amount),
        Amount.of(earned),
        Instant.now());
  }

  private static MerchantId merchant(Address payee) {
    return new MerchantId("mer_%026x".formatted(new BigInteger(1, payee.toArray())));
  }

  @Test
  void theDatabaseRefusesAPromiseThatFallsOrIsSignedBeforeItIsStored() {
    earned(one, 30_000);
    claimed(funded(90_000), 30_000);
    promise(one, 30_000);
    for (var change :
        List.of(
            "cumulative = cumulative - 1",
            "signed = signed - 1",
            "signed = cumulative + 1",
            "requested = cumulative + 1")) {
      assertThatThrownBy(() -> rig.jdbc().sql("UPDATE promise SET " + change).update())
          .as(change)
          .isInstanceOf(DataAccessException.class);
    }
  }

  private double shown(String metric) {
    return rig.bean(MeterRegistry.class).get("millrace.settlement." + metric).gauge().value();
  }

  private void earned(Address payee, long total) {
    rig.publish(
        new MerchantEarned(merchant(payee), payee, token(), Amount.of(total), Instant.now()));
  }

  private Payer funded(long amount) {
    var payer = new Payer(chain, amount);
    var authorized = payer.authorize(amount);
    rig.publish(authorized);
    rig.await(DepositConfirmed.class, c -> c.channelId().equals(payer.channel()));
    return payer;
  }

  /// So much in all is charged and claimed of the channel.
  private void claimed(Payer payer, long total) {
    rig.publish(payer.pay(total));
    rig.await(
        ClaimConfirmed.class,
        claim ->
            claim.channels().stream()
                .anyMatch(
                    channel ->
                        channel.channelId().equals(payer.channel())
                            && channel.totalClaimed().equals(Amount.of(total))));
  }

  private PromiseIssued promise(Address payee, long cumulative) {
    return rig.await(
        PromiseIssued.class,
        issued ->
            issued.payee().equals(payee) && issued.cumulative().equals(Amount.of(cumulative)));
  }

  private Amount highest(Address payee) {
    return rig.heard(PromiseIssued.class).stream()
        .filter(issued -> issued.payee().equals(payee))
        .map(PromiseIssued::cumulative)
        .reduce(Amount.ZERO, Amount::max);
  }

  private String state(Address payee) {
    return rig.jdbc()
        .sql("SELECT state FROM payee WHERE payee = ?")
        .param(payee.toArray())
        .query(String.class)
        .optional()
        .orElse("");
  }

  private long count(String sql) {
    return rig.jdbc().sql(sql).query(Long.class).single();
  }

  private PayoutRequested payout(Address payee, long amount) {
    return new PayoutRequested(
        new PayoutId("po_%026d".formatted(NUMBERS.incrementAndGet())),
        new MerchantId("mer_%026d".formatted(7)),
        payee,
        token(),
        Amount.of(amount),
        Instant.now());
  }

  private void redeem(PromiseIssued promise) {
    vaultCall(
        Persona.MALLORY.address(),
        "redeem",
        address(promise.payee()),
        address(promise.token()),
        uint128(promise.cumulative().units().longValueExact()),
        new DynamicBytes(promise.signature().toArray()));
  }

  private void vaultCall(Address from, String function, Type<?>... arguments) {
    chain.setBalance(from, BigInteger.TEN.pow(18));
    var data = FunctionEncoder.encode(new Function(function, List.of(arguments), List.of()));
    rig.send(from, chain.deployment().vault(), Bytes.of(data));
  }

  private VaultDomain domain() {
    var deployed = chain.deployment();
    return new VaultDomain(BigInteger.valueOf(deployed.chainId()), deployed.vault());
  }

  private Address token() {
    return chain.deployment().token();
  }

  private static Address payee() {
    return Address.of("0x%040x".formatted(0xdef000 + NUMBERS.incrementAndGet()));
  }

  private static org.web3j.abi.datatypes.Address address(Address address) {
    return new org.web3j.abi.datatypes.Address(address.toString());
  }

  private static Uint128 uint128(long units) {
    return new Uint128(units);
  }
}
