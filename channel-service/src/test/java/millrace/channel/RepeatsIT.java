package millrace.channel;

import static millrace.channel.TestHub.merchant;
import static millrace.channel.TestHub.request;
import static org.assertj.core.api.Assertions.assertThat;

import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Executors;
import java.util.function.IntFunction;
import java.util.stream.IntStream;
import millrace.messaging.command.BalanceView;
import millrace.messaging.command.GiveBackCommand;
import millrace.messaging.command.GiveBackOutcome;
import millrace.messaging.command.HoldEndCommand;
import millrace.messaging.command.HoldEndOutcome;
import millrace.messaging.command.PaymentRequest;
import millrace.messaging.command.PayoutCancelCommand;
import millrace.messaging.command.PayoutCommand;
import millrace.messaging.command.PayoutOutcome;
import millrace.messaging.command.RefusalReason;
import millrace.protocol.type.Amount;
import millrace.protocol.type.MerchantId;
import millrace.protocol.type.PayoutId;
import millrace.protocol.type.RefundId;
import millrace.testkit.Persona;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// Goal: who repeats what was answered gets that answer, however many do so at once over both
/// replicas, and although one of them is looking it up just then. Only who repeats what has no
/// answer yet is told that it is in flight. That another one is at work is played by a session of
/// the test's own, which holds the key.
final class RepeatsIT {
  private static final int CALLERS = 24;

  private final TestHub hub = TestHub.shared();
  private final MerchantId merchant = merchant();

  @Test
  void ofAPayout() throws Exception {
    earn(1_000);
    repeated(
        "payout",
        "once",
        replica -> hub.post(replica, "/internal/payouts", payout("once"), PayoutOutcome.class),
        new PayoutOutcome.Refused(RefusalReason.IN_FLIGHT));
    assertThat(available()).isEqualTo(Amount.of(600));
  }

  @Test
  void ofAPayoutsCancellation() throws Exception {
    earn(1_000);
    var asked = payout("once");
    hub.post("/internal/payouts", asked, PayoutOutcome.class);
    var command = new PayoutCancelCommand(asked.id(), merchant);
    repeated(
        "cancel payout",
        asked.id().value(),
        replica ->
            hub.post(replica, "/internal/payout-cancellations", command, PayoutOutcome.class),
        new PayoutOutcome.Refused(RefusalReason.IN_FLIGHT));
    assertThat(PublishedEvents.of(hub, merchant.value(), "payout_cancel_requested")).hasSize(1);
  }

  @Test
  void ofARefund() throws Exception {
    var payment = earn(1_000);
    repeated(
        "give back",
        "once",
        replica ->
            hub.post(
                replica,
                "/internal/give-backs",
                new GiveBackCommand(
                    new RefundId("re_" + TestHub.id()),
                    merchant,
                    payment.id(),
                    Persona.MERCHANT.address(),
                    Optional.of(Amount.of(400)),
                    "once",
                    "print",
                    Optional.empty()),
                GiveBackOutcome.class),
        new GiveBackOutcome.Refused(RefusalReason.IN_FLIGHT));
    assertThat(available()).isEqualTo(Amount.of(600));
  }

  /// @param captured 0 cancels
  @ParameterizedTest
  @ValueSource(longs = {0, 40})
  void ofTheEndOfAHold(long captured) throws Exception {
    var request = request(hub.open(1_000), merchant, 100, 100);
    hub.hold(request, Instant.now().plusSeconds(600));
    var command = new HoldEndCommand(request.id(), merchant, Amount.of(captured), "once", "print");
    repeated(
        "end hold",
        "once",
        replica -> hub.post(replica, "/internal/holds", command, HoldEndOutcome.class),
        new HoldEndOutcome.Refused(RefusalReason.IN_FLIGHT));
    assertThat(available()).isEqualTo(Amount.of(captured));
  }

  private <T> void repeated(String operation, String key, IntFunction<T> ask, T inFlight)
      throws Exception {
    var name = "command/" + merchant + "/" + operation + "/" + key;
    try (var _ = atWork(name)) {
      assertThat(List.of(ask.apply(0), ask.apply(1))).containsOnly(inFlight);
    }
    var first = ask.apply(0);
    var answer = ask.apply(1);
    assertThat(answer).isNotIn(first, inFlight);
    try (var callers = Executors.newVirtualThreadPerTaskExecutor();
        var _ = atWork(name)) {
      var calls =
          IntStream.range(0, CALLERS)
              .mapToObj(i -> callers.submit(() -> ask.apply(i % 2)))
              .toList();
      for (var call : calls) assertThat(call.get()).isEqualTo(answer);
    }
  }

  private HeldRow atWork(String name) throws Exception {
    return new HeldRow(hub, "SELECT pg_advisory_xact_lock(hashtextextended(?, 0))", name);
  }

  private PaymentRequest earn(long amount) {
    var request = request(hub.open(amount), merchant, amount, amount);
    hub.charge(request);
    return request;
  }

  private PayoutCommand payout(String key) {
    return new PayoutCommand(
        new PayoutId("po_" + TestHub.id()),
        merchant,
        Persona.MERCHANT.address(),
        hub.terms().token().address(),
        Optional.of(Amount.of(400)),
        key,
        "print");
  }

  private Amount available() {
    return hub.get("/internal/merchants/" + merchant + "/balances", BalanceView[].class)[0]
        .available();
  }
}
