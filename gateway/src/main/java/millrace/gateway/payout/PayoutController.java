package millrace.gateway.payout;

import com.fasterxml.jackson.annotation.JsonProperty;
import io.swagger.v3.oas.annotations.Operation;
import io.swagger.v3.oas.annotations.media.Schema;
import io.swagger.v3.oas.annotations.responses.ApiResponse;
import io.swagger.v3.oas.annotations.tags.Tag;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import millrace.gateway.hub.Aftermath;
import millrace.gateway.hub.Hub;
import millrace.gateway.merchant.Caller;
import millrace.gateway.merchant.Denomination;
import millrace.gateway.merchant.KeySpending;
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
import millrace.messaging.command.ListQuery;
import millrace.messaging.command.PayoutCancelCommand;
import millrace.messaging.command.PayoutOutcome;
import millrace.messaging.command.PayoutView;
import millrace.messaging.command.PayoutView.PayoutStatus;
import millrace.protocol.type.Address;
import millrace.protocol.type.Amount;
import millrace.protocol.type.Bytes32;
import millrace.protocol.type.PayoutId;
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

/// A merchant has its money sent to its payout address.
@RestController
@Tag(name = "payouts")
class PayoutController {
  private static final Duration WAIT = Duration.ofSeconds(5);

  private final Payouts payouts;
  private final Hub hub;
  private final KeySpending spending;
  private final Denomination denomination;
  private final Notes notes;

  PayoutController(
      Payouts payouts, Hub hub, KeySpending spending, Denomination denomination, Notes notes) {
    this.payouts = payouts;
    this.hub = hub;
    this.spending = spending;
    this.denomination = denomination;
    this.notes = notes;
  }

  @PostMapping("/v1/payouts")
  @Operation(
      operationId = "createPayout",
      summary = "Ask for a payout",
      description = "Without an amount: the whole balance. Needs an Idempotency-Key.")
  @ApiResponse(responseCode = "201", description = "Asked for")
  @ApiResponse(responseCode = "200", description = "Asked for by an earlier, equal request")
  @Problems({
    ProblemCode.IDEMPOTENCY_KEY_REQUIRED,
    ProblemCode.SPEND_LIMIT_REACHED,
    ProblemCode.IN_FLIGHT,
    ProblemCode.IDEMPOTENCY_KEY_REUSED,
    ProblemCode.INSUFFICIENT_FUNDS,
    ProblemCode.OUTCOME_UNKNOWN
  })
  ResponseEntity<PayoutBody> create(
      @Scoped(Scope.PAYOUTS_WRITE) Caller caller,
      @RequestHeader(name = "Idempotency-Key", required = false) @Nullable String header,
      @RequestBody PayoutRequest body) {
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
            "payout",
            amount,
            key,
            () -> payouts.request(caller.merchant(), amount, key, metadata),
            PayoutOutcome.Taken.class::isInstance);
    return switch (outcome) {
      case PayoutOutcome.Taken(var payout, var replayed) ->
          ResponseEntity.status(replayed ? HttpStatus.OK : HttpStatus.CREATED)
              .body(PayoutBody.of(payout, denomination, metadata));
      case PayoutOutcome.Refused(var reason) -> throw Payouts.problem(reason).asException();
    };
  }

  @PostMapping("/v1/payouts/{id}/cancel")
  @Operation(
      operationId = "cancelPayout",
      summary = "Ask for a pending payout back",
      description =
          "While nothing is promised for it. Then it is canceled and the amount is back in your"
              + " balance; status is pending as long as that is not known. The payout's id is the"
              + " key: asking again gives the same answer.")
  @Problems({ProblemCode.IN_FLIGHT, ProblemCode.PAYOUT_NOT_PENDING, ProblemCode.OUTCOME_UNKNOWN})
  PayoutBody cancel(@Scoped(Scope.PAYOUTS_WRITE) Caller caller, @PathVariable String id) {
    var command = new PayoutCancelCommand(payoutId(id), caller.merchant());
    return switch (hub.cancel(command, WAIT)) {
      case PayoutOutcome.Taken(var payout, _) -> Aftermath.of(() -> shown(payout));
      case PayoutOutcome.Refused(var reason) -> throw Payouts.problem(reason).asException();
    };
  }

  @GetMapping("/v1/payouts/{id}")
  @Operation(operationId = "getPayout", summary = "Show a payout")
  PayoutBody get(@Scoped(Scope.PAYOUTS_READ) Caller caller, @PathVariable String id) {
    return hub.payout(payoutId(id))
        .filter(payout -> payout.merchantId().equals(caller.merchant()))
        .map(this::shown)
        .orElseThrow(() -> Problem.notFound("payout").asException());
  }

  @GetMapping("/v1/payouts")
  @Operation(operationId = "listPayouts", summary = "List payouts, newest first")
  Page<PayoutBody> list(
      @Scoped(Scope.PAYOUTS_READ) Caller caller,
      @RequestParam(required = false) @Nullable Integer limit,
      @RequestParam(name = "starting_after", required = false) @Nullable String startingAfter,
      @RequestParam(required = false)
          @Schema(allowableValues = {"pending", "paid", "failed", "canceled"})
          @Nullable String status,
      @RequestParam(name = "created[gte]", required = false) @Nullable Instant from,
      @RequestParam(name = "created[lt]", required = false) @Nullable Instant to) {
    var page = PageRequest.of("po_", limit, startingAfter);
    var period = Period.of(from, to);
    var query =
        ListQuery.newest(page.limitAndOne())
            .after(Optional.ofNullable(startingAfter))
            .in(Choice.of(PayoutStatus.class, "status", status))
            .created(period.from(), period.to());
    var found = hub.payouts(caller.merchant(), query);
    var noted = notes.on(caller.merchant(), found.stream().map(it -> it.id().value()).toList());
    return Page.of(found, page)
        .map(
            payout ->
                PayoutBody.of(
                    payout, denomination, noted.getOrDefault(payout.id().value(), Metadata.NONE)));
  }

  private PayoutBody shown(PayoutView payout) {
    return PayoutBody.of(payout, denomination, notes.on(payout.merchantId(), payout.id().value()));
  }

  private static PayoutId payoutId(String text) {
    try {
      return new PayoutId(text);
    } catch (IllegalArgumentException notOne) {
      throw Problem.notFound("payout").asException();
    }
  }

  record PayoutRequest(
      @Schema(implementation = String.class, example = "250000") @Nullable Amount amount,
      @Nullable Metadata metadata) {}

  @Schema(name = "Payout")
  record PayoutBody(
      String id,
      @Schema(example = "payout") String object,
      boolean livemode,
      @Schema(allowableValues = {"pending", "paid", "failed", "canceled"}) String status,
      @Schema(implementation = String.class) Amount amount,
      @Schema(implementation = String.class) Address asset,
      @Schema(example = "6") int decimals,
      @Schema(implementation = String.class) Address payee,
      @Schema(implementation = String.class) @Nullable Bytes32 transaction,
      Metadata metadata,
      @JsonProperty("created_at") Instant createdAt) {
    static PayoutBody of(PayoutView view, Denomination in, Metadata metadata) {
      return new PayoutBody(
          view.id().value(),
          "payout",
          in.live(),
          Choice.word(view.status()),
          view.amount(),
          view.token(),
          in.decimals(),
          view.payee(),
          view.transaction().orElse(null),
          metadata,
          view.createdAt());
    }
  }
}
