package millrace.gateway.payment;

import io.swagger.v3.oas.annotations.Operation;
import io.swagger.v3.oas.annotations.media.Content;
import io.swagger.v3.oas.annotations.media.Schema;
import io.swagger.v3.oas.annotations.responses.ApiResponse;
import io.swagger.v3.oas.annotations.tags.Tag;
import jakarta.validation.Valid;
import java.util.Optional;
import millrace.gateway.merchant.Caller;
import millrace.gateway.merchant.Scope;
import millrace.gateway.merchant.Scoped;
import millrace.gateway.page.Page;
import millrace.gateway.page.PageRequest;
import millrace.gateway.payment.PaymentBodies.ChannelRefundBody;
import millrace.gateway.payment.PaymentBodies.PaymentBody;
import millrace.gateway.payment.PaymentBodies.PaymentRequest;
import millrace.gateway.payment.PaymentBodies.RequirementsBody;
import millrace.gateway.payment.PaymentBodies.RequirementsRequest;
import millrace.gateway.payment.Taking.Result;
import millrace.gateway.problem.IdempotencyKey;
import millrace.gateway.problem.Problem;
import millrace.gateway.problem.ProblemCode;
import millrace.protocol.type.ChannelId;
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

  PaymentController(Taking taking, Payments payments) {
    this.taking = taking;
    this.payments = payments;
  }

  @PostMapping("/v1/payment_requirements")
  @Operation(
      operationId = "createPaymentRequirements",
      summary = "Get the PAYMENT-REQUIRED header for a price",
      description = "Changes nothing; equal parameters give an equal answer.")
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
  @ApiResponse(responseCode = "201", description = "Charged")
  @ApiResponse(responseCode = "200", description = "Charged by an earlier, equal request")
  @ApiResponse(
      responseCode = "402",
      description = "Refused: code is the x402 error; relay payment_required",
      content = @Content(mediaType = "application/problem+json", schema = @Schema(ref = "Problem")))
  ResponseEntity<Object> create(
      @Scoped(Scope.PAYMENTS_WRITE) Caller caller,
      @RequestHeader(name = "Idempotency-Key", required = false) @Nullable String key,
      @RequestBody @Valid PaymentRequest body) {
    return switch (taking.take(caller.merchant(), IdempotencyKey.of(key), body)) {
      case Result.Paid paid -> ResponseEntity.status(paid.status()).body(paid.body());
      case Result.PaidBack(ChannelRefundBody refund) -> ResponseEntity.ok(refund);
    };
  }

  @GetMapping("/v1/payments/{id}")
  @Operation(operationId = "getPayment", summary = "Show a payment")
  PaymentBody get(@Scoped(Scope.PAYMENTS_READ) Caller caller, @PathVariable String id) {
    return payments
        .find(caller.merchant(), paymentId(id))
        .map(PaymentBody::of)
        .orElseThrow(() -> Problem.notFound("payment").asException());
  }

  @GetMapping("/v1/payments")
  @Operation(
      operationId = "listPayments",
      summary = "List charged payments, newest first",
      description = "A payment appears a moment after it was charged.")
  Page<PaymentBody> list(
      @Scoped(Scope.PAYMENTS_READ) Caller caller,
      @RequestParam(required = false) @Nullable Integer limit,
      @RequestParam(name = "starting_after", required = false) @Nullable String startingAfter,
      @RequestParam(required = false) @Nullable String channel,
      @RequestParam(required = false) @Schema(allowableValues = "succeeded")
          @Nullable String status) {
    if (status != null && !status.equals("succeeded")) {
      throw Problem.of(ProblemCode.INVALID_REQUEST, "Only succeeded payments are listed.")
          .about("status")
          .asException();
    }
    var page = PageRequest.of("pay_", limit, startingAfter);
    return Page.of(payments.list(caller.merchant(), channelId(channel), page), page)
        .map(PaymentBody::of);
  }

  /// What cannot be an id is the id of nothing.
  private static PaymentId paymentId(String text) {
    try {
      return new PaymentId(text);
    } catch (IllegalArgumentException notOne) {
      throw Problem.notFound("payment").asException();
    }
  }

  private static Optional<ChannelId> channelId(@Nullable String text) {
    try {
      return Optional.ofNullable(text).map(ChannelId::of);
    } catch (IllegalArgumentException notOne) {
      throw Problem.of(ProblemCode.INVALID_REQUEST, "channel is 0x and 64 hex digits.")
          .about("channel")
          .asException();
    }
  }
}
