package millrace.gateway.payment;

import io.swagger.v3.oas.annotations.Operation;
import io.swagger.v3.oas.annotations.media.Content;
import io.swagger.v3.oas.annotations.media.Schema;
import io.swagger.v3.oas.annotations.responses.ApiResponse;
import io.swagger.v3.oas.annotations.tags.Tag;
import jakarta.validation.Valid;
import java.time.Instant;
import java.util.Optional;
import millrace.gateway.merchant.Caller;
import millrace.gateway.merchant.Denomination;
import millrace.gateway.merchant.Scope;
import millrace.gateway.merchant.Scoped;
import millrace.gateway.page.Page;
import millrace.gateway.page.PageRequest;
import millrace.gateway.page.Period;
import millrace.gateway.payment.PaymentBodies.CaptureRequest;
import millrace.gateway.payment.PaymentBodies.ChannelRefundBody;
import millrace.gateway.payment.PaymentBodies.PaymentBody;
import millrace.gateway.payment.PaymentBodies.PaymentRequest;
import millrace.gateway.payment.PaymentBodies.RequirementsBody;
import millrace.gateway.payment.PaymentBodies.RequirementsRequest;
import millrace.gateway.payment.Taking.Result;
import millrace.gateway.problem.IdempotencyKey;
import millrace.gateway.problem.Problem;
import millrace.gateway.problem.ProblemCode;
import millrace.gateway.problem.Problems;
import millrace.protocol.type.Amount;
import millrace.protocol.type.PaymentId;
import org.jspecify.annotations.Nullable;
import org.springframework.http.ResponseEntity;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestBody;
import org.springframework.web.bind.annotation.RequestHeader;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.bind.annotation.RestController;

/// A merchant that answers 402 itself gets the header for it here, hands over what its client
/// sends, and relays what comes back.
@RestController
@Tag(name = "payments")
class PaymentController {
  private final Taking taking;
  private final Payments payments;
  private final Holds holds;
  private final Denomination denomination;

  PaymentController(Taking taking, Payments payments, Holds holds, Denomination denomination) {
    this.taking = taking;
    this.payments = payments;
    this.holds = holds;
    this.denomination = denomination;
  }

  @PostMapping("/v1/payment_requirements")
  @Operation(
      operationId = "createPaymentRequirements",
      summary = "Get the PAYMENT-REQUIRED header for a price",
      description = "Changes nothing; equal parameters give an equal answer.")
  @Problems({ProblemCode.INVALID_REQUEST, ProblemCode.PRICE_ABOVE_LIMIT})
  RequirementsBody requirements(
      @Scoped(Scope.PAYMENTS_WRITE) Caller caller, @RequestBody @Valid RequirementsRequest body) {
    return taking.requirements(body.amount(), body.resource().resource());
  }

  @PostMapping("/v1/payments")
  @Operation(
      operationId = "createPayment",
      summary = "Take a payment that a client sent",
      description =
          "With an Idempotency-Key a repeat gets the recorded outcome; without one the payment"
              + " is recognised by its voucher, resource and price.")
  @ApiResponse(
      responseCode = "201",
      description = "Charged",
      content =
          @Content(
              mediaType = "application/json",
              schema = @Schema(implementation = PaymentBody.class)))
  @ApiResponse(
      responseCode = "200",
      description =
          "Charged by an earlier, equal request; or the client asked for its unspent money instead"
              + " of paying, and it was sent",
      content =
          @Content(
              mediaType = "application/json",
              schema = @Schema(oneOf = {PaymentBody.class, ChannelRefundBody.class})))
  @ApiResponse(
      responseCode = "402",
      description = "Refused: code is the x402 error; relay payment_required",
      content = @Content(mediaType = "application/problem+json", schema = @Schema(ref = "Problem")))
  @Problems({
    ProblemCode.PAYMENT_REFUSED,
    ProblemCode.IN_FLIGHT,
    ProblemCode.IDEMPOTENCY_KEY_REUSED,
    ProblemCode.TOO_MANY_REQUESTS,
    ProblemCode.PRICE_ABOVE_LIMIT,
    ProblemCode.TOWER_BEHIND,
    ProblemCode.OUTCOME_UNKNOWN
  })
  ResponseEntity<Object> create(
      @Scoped(Scope.PAYMENTS_WRITE) Caller caller,
      @RequestHeader(name = "Idempotency-Key", required = false) @Nullable String key,
      @RequestBody @Valid PaymentRequest body) {
    return switch (taking.take(caller.merchant(), IdempotencyKey.of(key), body)) {
      case Result.Paid paid -> ResponseEntity.status(paid.status()).body(paid.body());
      case Result.PaidBack(ChannelRefundBody refund) -> ResponseEntity.ok(refund);
    };
  }

  @PostMapping("/v1/payments/{id}/capture")
  @Operation(
      operationId = "capturePayment",
      summary = "Capture a held payment",
      description =
          "Once. What is not captured is the payer's credit, which its next payments use up."
              + " Without an Idempotency-Key the payment's id is the key.")
  @Problems({
    ProblemCode.HOLD_ENDED,
    ProblemCode.CAPTURE_TOO_LARGE,
    ProblemCode.IN_FLIGHT,
    ProblemCode.IDEMPOTENCY_KEY_REUSED,
    ProblemCode.OUTCOME_UNKNOWN
  })
  PaymentBody capture(
      @Scoped(Scope.PAYMENTS_WRITE) Caller caller,
      @RequestHeader(name = "Idempotency-Key", required = false) @Nullable String key,
      @PathVariable String id,
      @RequestBody(required = false) @Nullable CaptureRequest body) {
    Optional<Amount> amount = body == null ? Optional.empty() : Optional.ofNullable(body.amount());
    return holds.capture(caller.merchant(), paymentId(id), amount, IdempotencyKey.of(key));
  }

  @PostMapping("/v1/payments/{id}/cancel")
  @Operation(
      operationId = "cancelPayment",
      summary = "Give a held payment back",
      description =
          "All of it is the payer's credit, which its next payments use up. Without an"
              + " Idempotency-Key the payment's id is the key.")
  @Problems({
    ProblemCode.HOLD_ENDED,
    ProblemCode.IN_FLIGHT,
    ProblemCode.IDEMPOTENCY_KEY_REUSED,
    ProblemCode.OUTCOME_UNKNOWN
  })
  PaymentBody cancel(
      @Scoped(Scope.PAYMENTS_WRITE) Caller caller,
      @RequestHeader(name = "Idempotency-Key", required = false) @Nullable String key,
      @PathVariable String id) {
    return holds.cancel(caller.merchant(), paymentId(id), IdempotencyKey.of(key));
  }

  @GetMapping("/v1/payments/{id}")
  @Operation(operationId = "getPayment", summary = "Show a payment")
  PaymentBody get(@Scoped(Scope.PAYMENTS_READ) Caller caller, @PathVariable String id) {
    return payments
        .find(caller.merchant(), paymentId(id))
        .map(payment -> PaymentBody.of(payment, denomination))
        .orElseThrow(() -> Problem.notFound("payment").asException());
  }

  @GetMapping("/v1/payments")
  @Operation(
      operationId = "listPayments",
      summary = "List payments, newest first",
      description =
          "Those that are yours, each a moment after it was charged. With status=held those that"
              + " wait to be captured or canceled.")
  Page<PaymentBody> list(
      @Scoped(Scope.PAYMENTS_READ) Caller caller,
      @RequestParam(required = false) @Nullable Integer limit,
      @RequestParam(name = "starting_after", required = false) @Nullable String startingAfter,
      @RequestParam(required = false) @Nullable String channel,
      @RequestParam(required = false) @Nullable String payer,
      @RequestParam(required = false) @Nullable String route,
      @RequestParam(name = "payment_link", required = false) @Nullable String link,
      @RequestParam(name = "created[gte]", required = false) @Nullable Instant from,
      @RequestParam(name = "created[lt]", required = false) @Nullable Instant to,
      @RequestParam(required = false)
          @Schema(
              allowableValues = {"succeeded", "held"},
              defaultValue = "succeeded")
          @Nullable String status) {
    var page = PageRequest.of("pay_", limit, startingAfter);
    var filter = PaymentFilter.of(channel, payer, route, link, Period.of(from, to));
    var found =
        isHeld(status)
            ? payments.held(caller.merchant(), filter, page)
            : payments.list(caller.merchant(), filter, page);
    return Page.of(found, page).map(payment -> PaymentBody.of(payment, denomination));
  }

  private static boolean isHeld(@Nullable String status) {
    return switch (status) {
      case "held" -> true;
      case "succeeded" -> false;
      case null -> false;
      default ->
          throw Problem.of(ProblemCode.INVALID_REQUEST, "status is succeeded or held.")
              .about("status")
              .asException();
    };
  }

  /// What cannot be an id is the id of nothing.
  private static PaymentId paymentId(String text) {
    try {
      return new PaymentId(text);
    } catch (IllegalArgumentException notOne) {
      throw Problem.notFound("payment").asException();
    }
  }
}
