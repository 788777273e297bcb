package millrace.channel;

import static millrace.channel.PaymentsIT.reason;
import static millrace.channel.PaymentsIT.taken;
import static millrace.channel.TestHub.again;
import static millrace.channel.TestHub.merchant;
import static millrace.channel.TestHub.request;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.time.Duration;
import java.time.Instant;
import millrace.messaging.command.BalanceView;
import millrace.messaging.command.PaymentCommand;
import millrace.messaging.command.PaymentCommand.Reserve;
import millrace.messaging.command.PaymentOutcome.Refused;
import millrace.messaging.command.PaymentRequest;
import millrace.messaging.command.PaymentStatus;
import millrace.messaging.command.PaymentView;
import millrace.messaging.command.RefusalReason;
import millrace.protocol.type.Amount;
import millrace.protocol.type.MerchantId;
import org.junit.jupiter.api.Test;

final class ReservationsIT {
  private final TestHub hub = TestHub.shared();
  private final MerchantId merchant = merchant();

  @Test
  void isCapturedForLessThanItsPriceAndOnlyOnce() {
    var channel = hub.open(1_000);
    var request = request(channel, merchant, 100, 100);

    var reserved = taken(hub.reserve(request, soon()));
    var captured = taken(hub.capture(request, 40));
    var again = taken(hub.capture(request, 40));

    assertThat(reserved.status()).isEqualTo(PaymentStatus.RESERVED);
    assertThat(reserved.channel().charged()).isEqualTo(Amount.ZERO);
    assertThat(captured.status()).isEqualTo(PaymentStatus.CHARGED);
    assertThat(captured.channel().charged()).isEqualTo(Amount.of(40));
    assertThat(again.replayed()).isTrue();
    assertThat(again.channel()).isEqualTo(captured.channel());
    assertThat(available()).isEqualTo(Amount.of(40));
  }

  @Test
  void keepsTheChannelBusyWhileItLives() {
    var channel = hub.open(1_000);
    var request = request(channel, merchant, 100, 100);
    hub.reserve(request, soon());

    var other = (Refused) hub.charge(request(channel, merchant, 50, 50));
    var sameRequest = hub.reserve(again(request, request.fingerprint()), soon());
    var gatewayAsksAgain = taken(hub.reserve(request, soon()));

    assertThat(other.reason()).isEqualTo(RefusalReason.BUSY);
    assertThat(other.channel()).isPresent();
    assertThat(reason(sameRequest)).isEqualTo(RefusalReason.IN_FLIGHT);
    assertThat(gatewayAsksAgain.status()).isEqualTo(PaymentStatus.RESERVED);
    assertThat(gatewayAsksAgain.replayed()).isTrue();
  }

  @Test
  void mayBeTriedAgainUnderItsKeyAfterARelease() {
    var channel = hub.open(1_000);
    var request = request(channel, merchant, 100, 100);
    hub.reserve(request, soon());

    assertThat(taken(hub.release(request)).status()).isEqualTo(PaymentStatus.RELEASED);
    assertThat(taken(hub.release(request)).replayed()).isTrue();
    assertThat(reason(hub.capture(request, 100))).isEqualTo(RefusalReason.NO_RESERVATION);
    var second = again(request, request.fingerprint());
    assertThat(taken(hub.reserve(second, soon())).replayed()).isFalse();
    assertThat(taken(hub.capture(second, 100)).status()).isEqualTo(PaymentStatus.CHARGED);
    assertThat(reason(hub.release(second))).isEqualTo(RefusalReason.NO_RESERVATION);
    assertThat(available()).isEqualTo(Amount.of(100));
  }

  @Test
  void isLetGoByTheNextVoucherWhenItHasEnded() {
    var channel = hub.open(1_000);
    var request = request(channel, merchant, 100, 100);
    hub.reserve(request, Instant.now().minusSeconds(1));

    var next = taken(hub.charge(request(channel, merchant, 70, 70)));

    assertThat(next.channel().charged()).isEqualTo(Amount.of(70));
    assertThat(reason(hub.capture(request, 100))).isEqualTo(RefusalReason.NO_RESERVATION);
    assertThat(status(request)).isEqualTo(PaymentStatus.EXPIRED);
  }

  @Test
  void cannotBeCapturedOnceItHasEndedEvenWhenNobodyCameBetween() {
    var channel = hub.open(1_000);
    var request = request(channel, merchant, 100, 100);
    hub.reserve(request, Instant.now().minusSeconds(1));

    assertThat(reason(hub.capture(request, 100))).isEqualTo(RefusalReason.NO_RESERVATION);
    assertThat(hub.channel(channel.id()).charged()).isEqualTo(Amount.ZERO);
  }

  @Test
  void isSweptWhenNobodyComes() {
    var channel = hub.open(1_000);
    var request = request(channel, merchant, 100, 100);
    hub.reserve(request, Instant.now());

    await()
        .atMost(Duration.ofSeconds(60))
        .untilAsserted(() -> assertThat(status(request)).isEqualTo(PaymentStatus.EXPIRED));
  }

  @Test
  void isNotHeldLongerThanTheLimitWhateverIsAsked() {
    var channel = hub.open(1_000);
    var request = request(channel, merchant, 100, 100);
    hub.reserve(request, Instant.now().plus(Duration.ofDays(365)));

    var held =
        hub.sql()
            .sql("SELECT max(expires_at) < now() + interval '11 minutes' FROM payment WHERE id = ?")
            .param(request.id().value())
            .query(Boolean.class)
            .single();
    assertThat(held).isTrue();
  }

  @Test
  void cannotBeCapturedAboveItsPriceOrThroughAnotherChannel() {
    var channel = hub.open(1_000);
    var other = hub.open(1_000);
    var request = request(channel, merchant, 100, 100);
    hub.reserve(request, soon());

    assertThat(reason(hub.capture(request, 101))).isEqualTo(RefusalReason.NO_RESERVATION);
    var foreign = new PaymentCommand.Capture(request.id(), other.id(), Amount.of(100));
    assertThat(reason(hub.pay(0, foreign).getFirst())).isEqualTo(RefusalReason.NO_RESERVATION);
    assertThat(taken(hub.capture(request, 100)).status()).isEqualTo(PaymentStatus.CHARGED);
  }

  @Test
  void ofTwoInOneBatchOnlyTheFirstIsServed() {
    var channel = hub.open(1_000);
    var first = request(channel, merchant, 100, 100);
    var second = request(channel, merchant, 100, 100);

    var outcomes = hub.pay(0, new Reserve(first, soon()), new Reserve(second, soon()));

    assertThat(taken(outcomes.getFirst()).status()).isEqualTo(PaymentStatus.RESERVED);
    assertThat(reason(outcomes.getLast())).isEqualTo(RefusalReason.BUSY);
  }

  private static Instant soon() {
    return Instant.now().plusSeconds(60);
  }

  private PaymentStatus status(PaymentRequest request) {
    return hub.get("/internal/payments/" + request.id(), PaymentView.class).status();
  }

  private Amount available() {
    var balances = hub.get("/internal/merchants/" + merchant + "/balances", BalanceView[].class);
    return balances[0].available();
  }
}
