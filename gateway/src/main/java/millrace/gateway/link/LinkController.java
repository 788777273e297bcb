package millrace.gateway.link;

import com.fasterxml.jackson.annotation.JsonProperty;
import io.swagger.v3.oas.annotations.Operation;
import io.swagger.v3.oas.annotations.media.Schema;
import io.swagger.v3.oas.annotations.tags.Tag;
import jakarta.validation.Valid;
import jakarta.validation.constraints.NotNull;
import jakarta.validation.constraints.Size;
import java.time.Clock;
import java.time.Instant;
import java.util.Optional;
import millrace.gateway.hub.PriceLimits;
import millrace.gateway.idempotency.Once;
import millrace.gateway.merchant.Caller;
import millrace.gateway.merchant.Denomination;
import millrace.gateway.merchant.Scope;
import millrace.gateway.merchant.Scoped;
import millrace.gateway.metadata.Metadata;
import millrace.gateway.offer.Offers;
import millrace.gateway.page.Choice;
import millrace.gateway.page.Page;
import millrace.gateway.page.PageRequest;
import millrace.gateway.page.Period;
import millrace.gateway.problem.Problem;
import millrace.gateway.problem.ProblemCode;
import millrace.gateway.problem.Problems;
import millrace.protocol.type.Address;
import millrace.protocol.type.Amount;
import org.jspecify.annotations.Nullable;
import org.springframework.http.HttpStatus;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestBody;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.bind.annotation.ResponseStatus;
import org.springframework.web.bind.annotation.RestController;

/// Merchants make addresses to be paid at.
@RestController
@Tag(name = "payment_links")
class LinkController {
  private static final Instant LATEST = Instant.parse("9999-12-31T00:00:00Z");

  private final Links links;
  private final PriceLimits limits;
  private final Denomination denomination;
  private final Clock clock;

  LinkController(Links links, PriceLimits limits, Denomination denomination, Clock clock) {
    this.links = links;
    this.limits = limits;
    this.denomination = denomination;
    this.clock = clock;
  }

  @PostMapping("/v1/payment_links")
  @ResponseStatus(HttpStatus.CREATED)
  @Operation(
      operationId = "createPaymentLink",
      summary = "Make an address to be paid at",
      description =
          "Give its path below the gateway's address to a payer: any x402 client pays it, as often"
              + " as it asks. The payments are yours like any other, with the link's metadata.")
  @Problems(ProblemCode.PRICE_ABOVE_LIMIT)
  LinkBody create(
      @Scoped(Scope.PAYMENTS_WRITE) Caller caller,
      Once once,
      @RequestBody @Valid LinkRequest body) {
    if (body.amount().isZero() || body.amount().exceeds(Offers.MAX_PRICE)) {
      throw invalid("amount", "must be above 0 and below 2^96");
    }
    return once.perform(
        body,
        LinkBody.class,
        () -> {
          requireSellable(body);
          return shown(
              links.add(
                  caller.merchant(),
                  body.amount(),
                  body.description() == null ? "" : body.description(),
                  Metadata.orNone(body.metadata()),
                  Optional.ofNullable(body.expiresAt())));
        });
  }

  /// Holds when a link is made, and need not when its request comes again.
  private void requireSellable(LinkRequest body) {
    limits.require(body.amount(), "amount");
    var expiry = Optional.ofNullable(body.expiresAt());
    if (expiry.filter(at -> !at.isAfter(clock.instant()) || at.isAfter(LATEST)).isPresent()) {
      throw invalid("expires_at", "must be in the future, and before the year 10000");
    }
  }

  @GetMapping("/v1/payment_links")
  @Operation(operationId = "listPaymentLinks", summary = "List payment links, newest first")
  Page<LinkBody> list(
      @Scoped(Scope.PAYMENTS_READ) Caller caller,
      @RequestParam(required = false) @Nullable Integer limit,
      @RequestParam(name = "starting_after", required = false) @Nullable String startingAfter,
      @RequestParam(required = false) @Schema(allowableValues = {"active", "inactive", "expired"})
          @Nullable String status,
      @RequestParam(name = "created[gte]", required = false) @Nullable Instant from,
      @RequestParam(name = "created[lt]", required = false) @Nullable Instant to) {
    var page = PageRequest.of(PaymentLink.PREFIX, limit, startingAfter);
    var wanted = Choice.of(PaymentLink.Status.class, "status", status);
    return Page.of(links.list(caller.merchant(), wanted, Period.of(from, to), page), page)
        .map(this::shown);
  }

  @GetMapping("/v1/payment_links/{id}")
  @Operation(operationId = "getPaymentLink", summary = "Show a payment link")
  LinkBody get(@Scoped(Scope.PAYMENTS_READ) Caller caller, @PathVariable String id) {
    return links.find(caller.merchant(), id).map(this::shown).orElseThrow(LinkController::notFound);
  }

  @PostMapping("/v1/payment_links/{id}/deactivate")
  @Operation(
      operationId = "deactivatePaymentLink",
      summary = "Take no more payments by a link",
      description = "For good. What was paid by it stays.")
  LinkBody deactivate(
      @Scoped(Scope.PAYMENTS_WRITE) Caller caller, Once once, @PathVariable String id) {
    var link =
        once.perform(
            "",
            LinkBody.class,
            () ->
                links
                    .deactivate(caller.merchant(), id)
                    .map(this::shown)
                    .orElseThrow(LinkController::notFound));
    links.forget(id);
    return link;
  }

  private LinkBody shown(PaymentLink link) {
    return LinkBody.of(link, denomination, clock.instant());
  }

  private static RuntimeException notFound() {
    return Problem.notFound("payment link").asException();
  }

  private static RuntimeException invalid(String field, String why) {
    return Problem.of(ProblemCode.INVALID_REQUEST, field + " " + why + ".")
        .about(field)
        .asException();
  }

  record LinkRequest(
      @NotNull @Schema(implementation = String.class, example = "250000") Amount amount,
      @Size(max = 500) @Schema(example = "Invoice 4711") @Nullable String description,
      @JsonProperty("expires_at") @Schema(example = "2099-01-31T12:00:00Z")
          @Nullable Instant expiresAt,
      @Nullable Metadata metadata) {}

  @Schema(name = "PaymentLink")
  record LinkBody(
      @Schema(example = "pl_01jd3v9m2e8k4q7w5x0y6z1a2b") String id,
      @Schema(example = "payment_link") String object,
      boolean livemode,
      @Schema(allowableValues = {"active", "inactive", "expired"}) String status,
      @Schema(description = "Where it is paid", example = "/pay/pl_01jd3v9m2e8k4q7w5x0y6z1a2b")
          String path,
      @Schema(implementation = String.class, example = "250000") Amount amount,
      @Schema(implementation = String.class) Address asset,
      @Schema(example = "6") int decimals,
      @Schema(example = "Invoice 4711") String description,
      Metadata metadata,
      @JsonProperty("expires_at") @Nullable Instant expiresAt,
      @JsonProperty("created_at") Instant createdAt) {
    static LinkBody of(PaymentLink link, Denomination in, Instant now) {
      return new LinkBody(
          link.id(),
          "payment_link",
          in.live(),
          Choice.word(link.statusAt(now)),
          link.path(),
          link.amount(),
          in.asset(),
          in.decimals(),
          link.description(),
          link.metadata(),
          link.expiresAt().orElse(null),
          link.createdAt());
    }
  }
}
