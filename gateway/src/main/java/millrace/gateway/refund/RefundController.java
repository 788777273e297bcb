package millrace.gateway.refund;

import com.fasterxml.jackson.annotation.JsonProperty;
import com.fasterxml.jackson.annotation.JsonValue;
import io.swagger.v3.oas.annotations.Operation;
import io.swagger.v3.oas.annotations.media.Schema;
import io.swagger.v3.oas.annotations.responses.ApiResponse;
import io.swagger.v3.oas.annotations.tags.Tag;
import jakarta.validation.Valid;
import jakarta.validation.constraints.NotBlank;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import millrace.gateway.hub.Aftermath;
import millrace.gateway.hub.Hub;
import millrace.gateway.id.Ids;
import millrace.gateway.merchant.Caller;
import millrace.gateway.merchant.Denomination;
import millrace.gateway.merchant.KeySpending;
import millrace.gateway.merchant.Merchants;
import millrace.gateway.merchant.Scope;
import millrace.gateway.merchant.Scoped;
import millrace.gateway.metadata.Metadata;
import millrace.gateway.metadata.Notes;
import millrace.gateway.page.Choice;
import millrace.gateway.page.Page;
import millrace.gateway.page.PageRequest;
import millrace.gateway.page.Period;
import millrace.gateway.problem.IdempotencyKey;
import millrace.gateway.problem.Problem;
import millrace.gateway.problem.ProblemCode;
import millrace.gateway.problem.Problems;
import millrace.messaging.command.GiveBackCommand;
import millrace.messaging.command.GiveBackOutcome;
import millrace.messaging.command.GiveBackView;
import millrace.messaging.command.GiveBackView.GiveBackStatus;
import millrace.messaging.command.ListQuery;
import millrace.messaging.command.RefusalReason;
import millrace.messaging.event.GiveBackFailure;
import millrace.messaging.event.GiveBackMethod;
import millrace.protocol.type.Address;
import millrace.protocol.type.Amount;
import millrace.protocol.type.Bytes32;
import millrace.protocol.type.ChannelId;
import millrace.protocol.type.PaymentId;
import millrace.protocol.type.RefundId;
import org.jspecify.annotations.Nullable;
import org.springframework.http.HttpStatus;
import org.springframework.http.ResponseEntity;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestBody;
import org.springframework.web.bind.annotation.RequestHeader;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.bind.annotation.RestController;

/// A merchant gives a payer back what it paid, as credit or on chain. The key of a request travels
/// with it and is kept where the money is moved.
@RestController
@Tag(name = "refunds")
class RefundController {
  private static final Duration WAIT = Duration.ofSeconds(5);

  private final Hub hub;
  private final Merchants merchants;
  private final KeySpending spending;
  private final Denomination denomination;
  private final Ids ids;
  private final Notes notes;

  RefundController(
      Hub hub,
      Merchants merchants,
      KeySpending spending,
      Denomination denomination,
      Ids ids,
      Notes notes) {
    this.hub = hub;
    this.merchants = merchants;
    this.spending = spending;
    this.denomination = denomination;
    this.ids = ids;
    this.notes = notes;
  }

  @PostMapping("/v1/refunds")
  @Operation(
      operationId = "createRefund",
      summary = "Give back a payment",
      description =
          "As credit, which the payer's next payments with this hub use up; or on chain, to the"
              + " payer's account, so far as its channel has unclaimed money. Without an amount:"
              + " all that is left of the payment. Only what is not promised to you yet can be"
              + " given back; what is, fails, and what fails is in your balance again. A refund on"
              + " chain is pending until its transaction is final. Needs an Idempotency-Key.")
  @ApiResponse(responseCode = "201", description = "Asked for: done, failed, or still pending")
  @ApiResponse(responseCode = "200", description = "Asked for by an earlier, equal request")
  @Problems({
    ProblemCode.IDEMPOTENCY_KEY_REQUIRED,
    ProblemCode.SPEND_LIMIT_REACHED,
    ProblemCode.NOT_FOUND,
    ProblemCode.IN_FLIGHT,
    ProblemCode.IDEMPOTENCY_KEY_REUSED,
    ProblemCode.INSUFFICIENT_FUNDS,
    ProblemCode.REFUND_TOO_LARGE,
    ProblemCode.REFUND_NOT_ON_CHAIN,
    ProblemCode.OUTCOME_UNKNOWN
  })
  ResponseEntity<RefundBody> create(
      @Scoped(Scope.PAYMENTS_WRITE) Caller caller,
      @RequestHeader(name = "Idempotency-Key", required = false) @Nullable String header,
      @RequestBody @Valid RefundRequest body) {
    var key = IdempotencyKey.required(header);
    var amount = Optional.ofNullable(body.amount());
    if (amount.filter(Amount::isZero).isPresent()) {
      throw Problem.of(ProblemCode.INVALID_REQUEST, "amount must be above 0.")
          .about("amount")
          .asException();
    }
    var metadata = Metadata.orNone(body.metadata());
    var outcome =
        spending.within(
            caller,
            "refund",
            amount,
            key,
            () -> hub.giveBack(command(caller, body, amount, key), WAIT),
            GiveBackOutcome.Taken.class::isInstance);
    return switch (outcome) {
      case GiveBackOutcome.Taken(var refund, var replayed) -> {
        Aftermath.of(() -> notes.keep(caller.merchant(), refund.id().value(), metadata));
        yield ResponseEntity.status(replayed ? HttpStatus.OK : HttpStatus.CREATED)
            .body(RefundBody.of(refund, denomination, metadata));
      }
      case GiveBackOutcome.Refused(var reason) -> throw problem(reason).asException();
    };
  }

  private GiveBackCommand command(
      Caller caller, RefundRequest body, Optional<Amount> amount, IdempotencyKey key) {
    return new GiveBackCommand(
        new RefundId(ids.next("re_")),
        caller.merchant(),
        paymentId(body.payment()),
        merchants.payee(caller.merchant()),
        amount,
        key.value(),
        Metadata.orNone(body.metadata()).fingerprint(fingerprint(body, amount)),
        Optional.of(GiveBackMethod.ON_CHAIN).filter(_ -> body.isOnChain()));
  }

  private static String fingerprint(RefundRequest body, Optional<Amount> amount) {
    return body.payment()
        + " "
        + amount.map(Amount::toString).orElse("everything")
        + (body.isOnChain() ? " on chain" : "");
  }

  @GetMapping("/v1/refunds/{id}")
  @Operation(operationId = "getRefund", summary = "Show a refund")
  RefundBody get(@Scoped(Scope.PAYMENTS_READ) Caller caller, @PathVariable String id) {
    return hub.giveBack(refundId(id))
        .filter(refund -> refund.merchantId().equals(caller.merchant()))
        .map(
            refund ->
                RefundBody.of(
                    refund, denomination, notes.on(caller.merchant(), refund.id().value())))
        .orElseThrow(() -> Problem.notFound("refund").asException());
  }

  @GetMapping("/v1/refunds")
  @Operation(operationId = "listRefunds", summary = "List refunds, newest first")
  Page<RefundBody> list(
      @Scoped(Scope.PAYMENTS_READ) Caller caller,
      @RequestParam(required = false) @Nullable Integer limit,
      @RequestParam(name = "starting_after", required = false) @Nullable String startingAfter,
      @RequestParam(required = false) @Schema(description = "The id of a payment")
          @Nullable String payment,
      @RequestParam(required = false) @Schema(allowableValues = {"pending", "succeeded", "failed"})
          @Nullable String status,
      @RequestParam(name = "created[gte]", required = false) @Nullable Instant from,
      @RequestParam(name = "created[lt]", required = false) @Nullable Instant to) {
    var page = PageRequest.of("re_", limit, startingAfter);
    var period = Period.of(from, to);
    var query =
        ListQuery.newest(page.limitAndOne())
            .after(Optional.ofNullable(startingAfter))
            .of(Optional.ofNullable(payment).map(RefundController::soughtPayment))
            .in(Choice.of(GiveBackStatus.class, "status", status))
            .created(period.from(), period.to());
    var found = hub.giveBacks(caller.merchant(), query);
    var noted = notes.on(caller.merchant(), found.stream().map(it -> it.id().value()).toList());
    return Page.of(found, page)
        .map(
            refund ->
                RefundBody.of(
                    refund, denomination, noted.getOrDefault(refund.id().value(), Metadata.NONE)));
  }

  private static PaymentId paymentId(String text) {
    try {
      return new PaymentId(text);
    } catch (IllegalArgumentException notOne) {
      throw problem(RefusalReason.PAYMENT_NOT_FOUND).asException();
    }
  }

  private static String soughtPayment(String text) {
    try {
      return new PaymentId(text).value();
    } catch (IllegalArgumentException notOne) {
      throw Problem.of(ProblemCode.INVALID_REQUEST, "payment is pay_ and 26 letters and digits.")
          .about("payment")
          .asException();
    }
  }

  private static RefundId refundId(String text) {
    try {
      return new RefundId(text);
    } catch (IllegalArgumentException notOne) {
      throw Problem.notFound("refund").asException();
    }
  }

  private static Problem problem(RefusalReason reason) {
    return switch (reason) {
      case PAYMENT_NOT_FOUND -> Problem.notFound("charged payment").about("payment");
      case REFUND_TOO_LARGE ->
          Problem.of(ProblemCode.REFUND_TOO_LARGE, "Less of the payment is left.").about("amount");
      case INSUFFICIENT_FUNDS ->
          Problem.of(ProblemCode.INSUFFICIENT_FUNDS, "There is less in your balance.")
              .about("amount");
      case IDEMPOTENCY_KEY_REUSED ->
          Problem.of(ProblemCode.IDEMPOTENCY_KEY_REUSED, "Use another key for another refund.")
              .about("Idempotency-Key");
      case IN_FLIGHT ->
          Problem.of(ProblemCode.IN_FLIGHT, "Send it again a little later for its outcome.")
              .retryAfter(Duration.ofSeconds(1));
      case STATE_LOST ->
          Problem.of(ProblemCode.UNAVAILABLE, "This channel is not served just now.")
              .retryAfter(Duration.ofSeconds(10));
      case CHAIN_STALE ->
          Problem.of(ProblemCode.UNAVAILABLE, "The hub is waiting for news of the chain.")
              .retryAfter(Duration.ofSeconds(10));
      case REFUND_NO_BALANCE, SHORTFALL, NOT_FUNDED ->
          notOnChain("Less than that is unclaimed in the payer's channel. Give it back as credit.");
      case WITHDRAWAL_PENDING ->
          notOnChain("The payer is taking its money out of the channel. Give it back as credit.");
      case REFUND_AMOUNT_INVALID ->
          notOnChain("So little is not worth its gas on chain. Give it back as credit.");
      default -> throw new IllegalStateException("a refund was refused for " + reason);
    };
  }

  private static Problem notOnChain(String detail) {
    return Problem.of(ProblemCode.REFUND_NOT_ON_CHAIN, detail + " Nothing was given back.")
        .about("method");
  }

  record RefundRequest(
      @NotBlank @Schema(example = "pay_01jd8000000000000000000000") String payment,
      @Schema(implementation = String.class, example = "400") @Nullable Amount amount,
      @Schema(
              description =
                  "credit: the payer's next payments use it up. on_chain: it is sent to the payer's"
                      + " account",
              defaultValue = "credit")
          @Nullable RefundMethod method,
      @Nullable Metadata metadata) {
    private boolean isOnChain() {
      return method == RefundMethod.ON_CHAIN;
    }
  }

  enum RefundMethod {
    CREDIT,
    ON_CHAIN;

    @JsonValue
    String wire() {
      return Choice.word(this);
    }
  }

  @Schema(name = "Refund", description = "A payment, or a part of it, given back")
  record RefundBody(
      String id,
      @Schema(example = "refund") String object,
      boolean livemode,
      @Schema(allowableValues = {"pending", "succeeded", "failed"}) String status,
      RefundMethod method,
      @Schema(implementation = String.class) Amount amount,
      @Schema(implementation = String.class) Address asset,
      @Schema(example = "6") int decimals,
      String payment,
      @Schema(implementation = String.class) ChannelId channel,
      @Schema(
              implementation = String.class,
              description = "That sent it to the payer, once it is final; only on chain")
          @Nullable Bytes32 transaction,
      @JsonProperty("failure_reason")
          @Schema(
              description =
                  "promised: the money is promised to you already. payer_leaving,"
                      + " too_little_unclaimed: the payer's channel has not got it. daily_limit:"
                      + " the vault sends no more on this day. transaction_failed: the chain"
                      + " refused it",
              allowableValues = {
                "promised",
                "payer_leaving",
                "too_little_unclaimed",
                "daily_limit",
                "transaction_failed"
              })
          @Nullable String failureReason,
      Metadata metadata,
      @JsonProperty("created_at") Instant createdAt) {
    static RefundBody of(GiveBackView view, Denomination in, Metadata metadata) {
      return new RefundBody(
          view.id().value(),
          "refund",
          in.live(),
          Choice.word(view.status()),
          view.leavesOnChain() ? RefundMethod.ON_CHAIN : RefundMethod.CREDIT,
          view.amount(),
          view.token(),
          in.decimals(),
          view.paymentId().value(),
          view.channelId(),
          view.transaction().orElse(null),
          failure(view).orElse(null),
          metadata,
          view.createdAt());
    }

    private static Optional<String> failure(GiveBackView view) {
      if (view.status() != GiveBackStatus.FAILED) return Optional.empty();
      var reason = view.failure().orElse(GiveBackFailure.PROMISED);
      return Optional.of(Choice.word(reason));
    }
  }
}
