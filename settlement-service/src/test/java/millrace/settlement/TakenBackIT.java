package millrace.settlement;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Instant;
import millrace.embedded.DevAccount;
import millrace.messaging.event.ChannelEvent.GiveBackFailed;
import millrace.messaging.event.ChannelEvent.GiveBackRequested;
import millrace.messaging.event.ChannelEvent.PayoutCancelRequested;
import millrace.messaging.event.ChannelEvent.PayoutRequested;
import millrace.messaging.event.SettlementEvent.CreditSeen;
import millrace.messaging.event.SettlementEvent.GiveBackDenied;
import millrace.messaging.event.SettlementEvent.GiveBackGranted;
import millrace.messaging.event.SettlementEvent.PayoutCancelRefused;
import millrace.messaging.event.SettlementEvent.PayoutCanceled;
import millrace.messaging.event.SettlementEvent.PayoutConfirmed;
import millrace.messaging.event.SettlementEvent.PromiseIssued;
import millrace.protocol.type.Address;
import millrace.protocol.type.Amount;
import millrace.protocol.type.PaymentId;
import millrace.protocol.type.RefundId;
import millrace.protocol.vault.Promise;
import org.junit.jupiter.api.Test;

/// What merchants ask to have back, or to give back, before it is promised to them.
class TakenBackIT extends PromiseScene {
  @Test
  void onlyWhatNobodyWasPromisedIsGivenBackAndThenPromisedToNobody() {
    var alice = funded(90_000);
    earned(one, 30_000);
    claimed(alice, 20_000);
    promise(one, 20_000);

    var tooMuch = refund(alice, one, 10_001, 30_000);
    rig.publish(tooMuch);
    rig.await(GiveBackDenied.class, denied -> denied.refundId().equals(tooMuch.refundId()));
    rig.publish(failed(tooMuch));
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

  /// Goal: what the vault has paid on a promise that these tables do not know, because they come
  /// from a backup, is not given back as well.
  @Test
  void whatThePayeeWasCreditedWithoutAKnownPromiseIsNotGivenBack() {
    var alice = funded(90_000);
    earned(one, 20_000);
    claimed(alice, 45_000);
    promise(one, 20_000);
    rig.await("its payee is announced", () -> state(one).equals("ANNOUNCED"));
    redeem(forgotten(25_000));
    rig.await(
        CreditSeen.class,
        seen -> seen.payee().equals(one) && seen.credited().equals(Amount.of(25_000)));

    var tooMuch = refund(alice, one, 5_001, 30_000);
    rig.publish(tooMuch);
    rig.await(GiveBackDenied.class, denied -> denied.refundId().equals(tooMuch.refundId()));
  }

  private PromiseIssued forgotten(long cumulative) {
    var key = DevAccount.SETTLEMENT.key();
    var digest = domain().digest(new Promise(one, token(), Amount.of(cumulative)));
    return new PromiseIssued(
        one, token(), Amount.of(cumulative), key.sign(digest), key.address(), Instant.now());
  }

  private GiveBackFailed failed(GiveBackRequested asked) {
    return new GiveBackFailed(
        asked.refundId(),
        asked.paymentId(),
        asked.channelId(),
        asked.merchantId(),
        token(),
        asked.amount(),
        Instant.now());
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
}
