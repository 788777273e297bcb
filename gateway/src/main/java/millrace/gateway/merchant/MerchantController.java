package millrace.gateway.merchant;

import com.fasterxml.jackson.annotation.JsonProperty;
import io.swagger.v3.oas.annotations.Operation;
import io.swagger.v3.oas.annotations.media.Schema;
import io.swagger.v3.oas.annotations.tags.Tag;
import jakarta.validation.Valid;
import jakarta.validation.constraints.NotBlank;
import jakarta.validation.constraints.NotNull;
import jakarta.validation.constraints.Size;
import java.time.Clock;
import java.time.Instant;
import java.util.Map;
import millrace.gateway.idempotency.Once;
import millrace.gateway.merchant.KeyBodies.KeyBody;
import millrace.gateway.metadata.Metadata;
import millrace.gateway.page.Page;
import millrace.gateway.page.PageRequest;
import millrace.gateway.page.Period;
import millrace.gateway.page.Wanted;
import millrace.gateway.problem.Problem;
import millrace.gateway.problem.ProblemCode;
import millrace.protocol.type.Address;
import org.jspecify.annotations.Nullable;
import org.springframework.http.HttpStatus;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestBody;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.bind.annotation.ResponseStatus;
import org.springframework.web.bind.annotation.RestController;
import tools.jackson.databind.annotation.JsonDeserialize;

/// The operator makes merchants; nobody else can.
@RestController
@Tag(name = "merchants")
class MerchantController {
  private final Merchants merchants;
  private final PayoutSchedules schedules;
  private final PayoutScheduleSettings settings;
  private final Denomination denomination;
  private final Clock clock;

  MerchantController(
      Merchants merchants,
      PayoutSchedules schedules,
      PayoutScheduleSettings settings,
      Denomination denomination,
      Clock clock) {
    this.merchants = merchants;
    this.schedules = schedules;
    this.settings = settings;
    this.denomination = denomination;
    this.clock = clock;
  }

  @PostMapping("/v1/merchants")
  @ResponseStatus(HttpStatus.CREATED)
  @Operation(
      operationId = "createMerchant",
      summary = "Make a merchant and its first API key",
      description = "Needs the operator key. The key's secret is shown in this answer only.")
  NewMerchantBody create(Operator operator, Once once, @RequestBody @Valid MerchantRequest body) {
    if (body.payoutAddress().isZero()) {
      throw Problem.of(ProblemCode.INVALID_REQUEST, "Nobody can be paid at the zero address.")
          .about("payout_address")
          .asException();
    }
    var metadata = Metadata.orNone(body.metadata()).values();
    return once.perform(
        body,
        NewMerchantBody.class,
        () -> {
          // Only the first time: the least threshold may have risen since.
          var schedule =
              body.payoutSchedule() == null
                  ? new PayoutSchedule.Manual()
                  : body.payoutSchedule().schedule("payout_schedule.", settings);
          var founded = merchants.found(body.name(), body.payoutAddress(), metadata, schedule);
          return new NewMerchantBody(
              MerchantBody.of(founded.merchant(), schedule, denomination),
              KeyBody.of(founded.key(), clock.instant(), denomination));
        });
  }

  @GetMapping("/v1/merchants/{id}")
  @Operation(operationId = "getMerchant", summary = "Show a merchant")
  MerchantBody get(Operator operator, @PathVariable String id) {
    return merchants
        .find(id)
        .map(merchant -> MerchantBody.of(merchant, schedules.of(merchant.id()), denomination))
        .orElseThrow(() -> Problem.notFound("merchant").asException());
  }

  @GetMapping("/v1/merchants")
  @Operation(operationId = "listMerchants", summary = "List merchants, newest first")
  Page<MerchantBody> list(
      Operator operator,
      @RequestParam(required = false) @Nullable Integer limit,
      @RequestParam(name = "starting_after", required = false) @Nullable String startingAfter,
      @RequestParam(name = "payout_address", required = false) @Nullable String payoutAddress,
      @RequestParam(name = "created[gte]", required = false) @Nullable Instant from,
      @RequestParam(name = "created[lt]", required = false) @Nullable Instant to) {
    var page = PageRequest.of("mer_", limit, startingAfter);
    var payee = Wanted.address("payout_address", payoutAddress);
    var found = merchants.list(payee, Period.of(from, to), page);
    var chosen = schedules.of(found.stream().map(merchant -> merchant.id().value()).toList());
    var manual = new PayoutSchedule.Manual();
    return Page.of(found, page)
        .map(
            one ->
                MerchantBody.of(one, chosen.getOrDefault(one.id().value(), manual), denomination));
  }

  record MerchantRequest(
      @NotBlank @Size(max = 200) String name,
      @JsonProperty("payout_address")
          @JsonDeserialize(using = TypedAddress.class)
          @NotNull
          @Schema(
              implementation = String.class,
              example = "0x70997970c51812dc3a010c7d01b50e0d17dc79c8")
          Address payoutAddress,
      @Nullable Metadata metadata,
      @JsonProperty("payout_schedule") @Nullable PayoutScheduleRequest payoutSchedule) {}

  @Schema(name = "Merchant")
  record MerchantBody(
      String id,
      @Schema(example = "merchant") String object,
      boolean livemode,
      String name,
      @JsonProperty("payout_address") @Schema(implementation = String.class) Address payoutAddress,
      @JsonProperty("payout_schedule") PayoutScheduleBody payoutSchedule,
      Map<String, String> metadata,
      @JsonProperty("created_at") Instant createdAt) {
    static MerchantBody of(Merchant merchant, PayoutSchedule schedule, Denomination in) {
      return new MerchantBody(
          merchant.id().value(),
          "merchant",
          in.live(),
          merchant.name(),
          merchant.payoutAddress(),
          PayoutScheduleBody.of(schedule, in),
          merchant.metadata(),
          merchant.createdAt());
    }
  }

  @Schema(name = "NewMerchant")
  record NewMerchantBody(MerchantBody merchant, @JsonProperty("api_key") KeyBody apiKey) {}
}
