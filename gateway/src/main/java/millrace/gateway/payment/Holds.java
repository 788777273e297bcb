package millrace.gateway.payment;

import java.time.Duration;
import java.util.Optional;
import millrace.gateway.hub.Aftermath;
import millrace.gateway.hub.Hub;
import millrace.gateway.merchant.Denomination;
import millrace.gateway.payment.PaymentBodies.PaymentBody;
import millrace.gateway.problem.IdempotencyKey;
import millrace.gateway.problem.Problem;
import millrace.gateway.problem.ProblemCode;
import millrace.messaging.command.HoldEndCommand;
import millrace.messaging.command.HoldEndOutcome;
import millrace.messaging.command.PaymentStatus;
import millrace.messaging.command.PaymentView;
import millrace.messaging.command.RefusalReason;
import millrace.protocol.type.Amount;
import millrace.protocol.type.MerchantId;
import millrace.protocol.type.PaymentId;
import org.springframework.stereotype.Service;

/// Captures and cancels payments that were charged to be captured later.
@Service
class Holds {
  private final Hub hub;
  private final PaymentNotes notes;
  private final Denomination denomination;

  Holds(Hub hub, PaymentNotes notes, Denomination denomination) {
    this.hub = hub;
    this.notes = notes;
    this.denomination = denomination;
  }

  /// @param amount empty for all that is held
  PaymentBody capture(
      MerchantId merchant, PaymentId id, Optional<Amount> amount, Optional<IdempotencyKey> key) {
    if (amount.filter(Amount::isZero).isPresent()) {
      throw Problem.of(ProblemCode.INVALID_REQUEST, "amount must be above 0; or cancel.")
          .about("amount")
          .asException();
    }
    var captured = amount.orElseGet(() -> held(merchant, id));
    var print = "capture " + id + " " + amount.map(Amount::toString).orElse("everything");
    return end(merchant, id, captured, key.map(IdempotencyKey::value).orElse(print), print);
  }

  PaymentBody cancel(MerchantId merchant, PaymentId id, Optional<IdempotencyKey> key) {
    var print = "cancel " + id;
    return end(merchant, id, Amount.ZERO, key.map(IdempotencyKey::value).orElse(print), print);
  }

  /// What the payment is over; also when it was captured before, so that a repeat is one.
  private Amount held(MerchantId merchant, PaymentId id) {
    return hub.payment(id)
        .filter(view -> view.merchantId().equals(merchant) && view.expiresAt().isPresent())
        .filter(view -> view.status() != PaymentStatus.CANCELED)
        .map(PaymentView::amount)
        .orElseThrow(() -> problem(RefusalReason.HOLD_NOT_FOUND).asException());
  }

  private PaymentBody end(
      MerchantId merchant, PaymentId id, Amount captured, String key, String fingerprint) {
    return switch (hub.endHold(new HoldEndCommand(id, merchant, captured, key, fingerprint))) {
      case HoldEndOutcome.Ended(var payment, _) ->
          PaymentBody.of(
              Payments.payment(payment, Aftermath.of(() -> notes.of(merchant, id))), denomination);
      case HoldEndOutcome.Refused(var reason) -> throw problem(reason).asException();
    };
  }

  private static Problem problem(RefusalReason reason) {
    return switch (reason) {
      case HOLD_NOT_FOUND -> Problem.notFound("held payment");
      case HOLD_ENDED ->
          Problem.of(
              ProblemCode.HOLD_ENDED, "It was captured or canceled before, or its time is over.");
      case CAPTURE_TOO_LARGE ->
          Problem.of(ProblemCode.CAPTURE_TOO_LARGE, "Less than that is held.").about("amount");
      case IDEMPOTENCY_KEY_REUSED ->
          Problem.of(ProblemCode.IDEMPOTENCY_KEY_REUSED, "Use another key for another request.")
              .about("Idempotency-Key");
      case IN_FLIGHT ->
          Problem.of(ProblemCode.IN_FLIGHT, "Send it again a little later for its outcome.")
              .retryAfter(Duration.ofSeconds(1));
      case STATE_LOST ->
          Problem.of(ProblemCode.UNAVAILABLE, "This channel is not served just now.")
              .retryAfter(Duration.ofSeconds(10));
      default -> throw new IllegalStateException("a hold was refused for " + reason);
    };
  }
}
