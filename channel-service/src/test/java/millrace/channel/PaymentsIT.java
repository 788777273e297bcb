package millrace.channel;

import static millrace.channel.TestHub.again;
import static millrace.channel.TestHub.merchant;
import static millrace.channel.TestHub.request;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.Collections;
import java.util.List;
import java.util.Optional;
import millrace.messaging.MessagingJson;
import millrace.messaging.command.PaymentCommand;
import millrace.messaging.command.PaymentCommand.Charge;
import millrace.messaging.command.PaymentOutcome;
import millrace.messaging.command.PaymentOutcome.Refused;
import millrace.messaging.command.PaymentOutcome.Taken;
import millrace.messaging.command.PaymentRequest;
import millrace.messaging.command.PaymentStatus;
import millrace.messaging.command.PaymentView;
import millrace.messaging.command.RefusalReason;
import millrace.messaging.event.SettlementEvent.VoucherPublished;
import millrace.protocol.type.Amount;
import millrace.protocol.type.MerchantId;
import millrace.testkit.Persona;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import tools.jackson.core.type.TypeReference;

final class PaymentsIT {
  private final TestHub hub = TestHub.shared();
  private final MerchantId merchant = merchant();

  @AfterEach
  void theLedgerBalances() {
    var summary = hub.ledger().summary();
    assertThat(summary.imbalance()).isZero();
    assertThat(summary.payersOff()).isZero();
  }

  @Test
  void chargesAVoucherAndRecordsIt() {
    var channel = hub.open(1_000);
    var request = request(channel, merchant, 100, 100);

    var taken = taken(hub.charge(request));

    assertThat(taken.status()).isEqualTo(PaymentStatus.CHARGED);
    assertThat(taken.amount()).isEqualTo(Amount.of(100));
    assertThat(taken.channel().charged()).isEqualTo(Amount.of(100));
    assertThat(taken.replayed()).isFalse();
    var view = hub.get("/internal/payments/" + request.id(), PaymentView.class);
    assertThat(view.status()).isEqualTo(PaymentStatus.CHARGED);
    assertThat(view.merchantId()).isEqualTo(merchant);
    assertThat(events(request.id().value())).isEqualTo(1);
  }

  private long events(String paymentId) {
    return hub.sql()
        .sql("SELECT count(*) FROM ledger_transfer WHERE reference = ?")
        .param(paymentId)
        .query(Long.class)
        .single();
  }

  @Test
  void answersARepeatWithWhatWasRecorded() {
    var channel = hub.open(1_000);
    var request = request(channel, merchant, 100, 100);
    var first = taken(hub.charge(request));
    hub.charge(request(channel, merchant, 150, 50));

    var repeat = taken(hub.charge(again(request, request.fingerprint())));
    var sameId = taken(hub.charge(request));

    assertThat(repeat.replayed()).isTrue();
    assertThat(repeat.id()).isEqualTo(first.id());
    assertThat(repeat.channel()).isEqualTo(first.channel());
    assertThat(sameId.replayed()).isTrue();
    assertThat(charged(channel)).isEqualTo(Amount.of(150));
  }

  @Test
  void refusesAKeyThatWasUsedForSomethingElse() {
    var channel = hub.open(1_000);
    var request = request(channel, merchant, 100, 100);
    hub.charge(request);

    assertThat(reason(hub.charge(again(request, "another"))))
        .isEqualTo(RefusalReason.IDEMPOTENCY_KEY_REUSED);
    assertThat(charged(channel)).isEqualTo(Amount.of(100));
  }

  @Test
  void findsARepeatWithinOneBatch() {
    var channel = hub.open(1_000);
    var request = request(channel, merchant, 100, 100);
    var repeat = again(request, request.fingerprint());

    var outcomes = hub.pay(0, new Charge(request), new Charge(repeat));

    assertThat(taken(outcomes.getFirst()).replayed()).isFalse();
    assertThat(taken(outcomes.getLast()).replayed()).isTrue();
    assertThat(charged(channel)).isEqualTo(Amount.of(100));
  }

  @Test
  void appliesTheCommandsOfOneChannelOneAfterTheOther() {
    var channel = hub.open(1_000);

    var outcomes =
        hub.pay(
            1,
            new Charge(request(channel, merchant, 100, 100)),
            new Charge(request(channel, merchant, 300, 200)),
            new Charge(request(channel, merchant, 400, 200)),
            new Charge(request(channel, merchant, 400, 100)));

    assertThat(outcomes.stream().filter(Taken.class::isInstance)).hasSize(3);
    assertThat(reason(outcomes.get(2))).isEqualTo(RefusalReason.CUMULATIVE_MISMATCH);
    assertThat(charged(channel)).isEqualTo(Amount.of(400));
  }

  @Test
  void aRefusalCostsTheNeighboursNothing() {
    var rich = hub.open(1_000);
    var poor = hub.open(50);
    var unknown = TestChannel.of(hub.terms());

    var outcomes =
        hub.pay(
            0,
            new Charge(request(poor, merchant, 100, 100)),
            new Charge(request(rich, merchant, 100, 100)),
            new Charge(request(unknown, merchant, 100, 100)));

    assertThat(reason(outcomes.get(0))).isEqualTo(RefusalReason.EXCEEDS_BALANCE);
    assertThat(taken(outcomes.get(1)).status()).isEqualTo(PaymentStatus.CHARGED);
    assertThat(reason(outcomes.get(2))).isEqualTo(RefusalReason.CHANNEL_NOT_FOUND);
  }

  @Test
  void aGarbageVoucherLearnsNothing() {
    var channel = hub.open(1_000);
    hub.charge(request(channel, merchant, 100, 100));
    var genuine = request(channel, merchant, 900, 1);
    var forged =
        new PaymentRequest(
            genuine.id(),
            merchant,
            channel.config(),
            channel.voucher(900, Persona.MALLORY.key()),
            genuine.price(),
            genuine.idempotencyKey(),
            genuine.fingerprint(),
            genuine.resource());

    assertThat(hub.charge(forged)).isEqualTo(Refused.because(RefusalReason.VOUCHER_SIGNATURE));
  }

  @Test
  void refusesTermsThatAreNotThisHubs() {
    var channel = hub.open(1_000);
    var other = hub.open(1_000);
    var request = request(channel, merchant, 100, 100);
    var mixed =
        new PaymentRequest(
            request.id(),
            merchant,
            other.config(),
            request.voucher(),
            request.price(),
            request.idempotencyKey(),
            request.fingerprint(),
            request.resource());

    assertThat(hub.charge(mixed)).isEqualTo(Refused.because(RefusalReason.TERMS_MISMATCH));
    assertThat(hub.charge(request(channel, merchant, 100, 0)))
        .isEqualTo(Refused.because(RefusalReason.TERMS_MISMATCH));
  }

  @Test
  void tellsAPayerThatLostItsStateWhereItStands() {
    var channel = hub.open(1_000);
    var newest = request(channel, merchant, 100, 100);
    hub.charge(newest);

    var refused = (Refused) hub.charge(request(channel, merchant, 500, 10));

    assertThat(refused.reason()).isEqualTo(RefusalReason.CUMULATIVE_MISMATCH);
    assertThat(refused.channel()).contains(hub.channel(channel.id()));
    assertThat(refused.newest()).contains(newest.voucher());
  }

  @Test
  void givesNoSignatureForOneThatAnybodyCanReadOnChain() {
    var channel = hub.open(1_000);
    hub.charge(request(channel, merchant, 100, 100));
    hub.report(new VoucherPublished(channel.id(), Amount.of(100)));
    hub.charge(request(channel, merchant, 200, 100));

    var published = (Refused) hub.charge(request(channel, merchant, 100, 10));
    var secret = (Refused) hub.charge(request(channel, merchant, 150, 10));

    assertThat(published.channel()).isPresent();
    assertThat(published.newest()).isEqualTo(Optional.empty());
    assertThat(secret.newest()).isPresent();
  }

  @Test
  void refusesMoreCommandsThanTheLimit() {
    var command = new Charge(request(hub.open(1_000), merchant, 1, 1));
    var json =
        MessagingJson.mapper()
            .writerFor(new TypeReference<List<PaymentCommand>>() {})
            .writeValueAsString(Collections.nCopies(513, command));

    var response = hub.post(0, "/internal/payments", json);

    assertThat(response.statusCode()).isEqualTo(400);
    assertThat(response.headers().firstValue("Content-Type"))
        .hasValueSatisfying(type -> assertThat(type).startsWith("application/problem+json"));
  }

  @Test
  void refusesBodiesThatAreTooLongOrNotCommands() {
    assertThat(hub.post(0, "/internal/payments", "[" + " ".repeat(3_000_000) + "]").statusCode())
        .isEqualTo(413);
    assertThat(hub.post(0, "/internal/payments", "[{\"type\":\"steal\"}]").statusCode())
        .isEqualTo(400);
    assertThat(hub.get("/internal/payments/pay_" + TestHub.id()).statusCode()).isEqualTo(404);
    assertThat(hub.get("/internal/payments/none").statusCode()).isEqualTo(400);
  }

  private Amount charged(TestChannel channel) {
    return hub.channel(channel.id()).charged();
  }

  static Taken taken(PaymentOutcome outcome) {
    assertThat(outcome).isInstanceOf(Taken.class);
    return (Taken) outcome;
  }

  static RefusalReason reason(PaymentOutcome outcome) {
    assertThat(outcome).isInstanceOf(Refused.class);
    return ((Refused) outcome).reason();
  }
}
