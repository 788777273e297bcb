package millrace.gateway.drill;

import com.fasterxml.jackson.annotation.JsonProperty;
import io.swagger.v3.oas.annotations.Operation;
import io.swagger.v3.oas.annotations.media.Schema;
import io.swagger.v3.oas.annotations.tags.Tag;
import jakarta.validation.Valid;
import jakarta.validation.constraints.NotNull;
import jakarta.validation.constraints.Pattern;
import jakarta.validation.constraints.PositiveOrZero;
import java.math.BigInteger;
import java.time.Clock;
import java.time.Instant;
import java.util.Optional;
import millrace.gateway.drill.Drills.Drill;
import millrace.gateway.id.Ids;
import millrace.gateway.merchant.LiveMode;
import millrace.gateway.merchant.Operator;
import millrace.gateway.page.Page;
import millrace.gateway.page.PageRequest;
import millrace.gateway.page.Period;
import millrace.gateway.page.Wanted;
import millrace.gateway.problem.Problem;
import millrace.gateway.problem.ProblemCode;
import millrace.protocol.type.ChannelId;
import org.jspecify.annotations.Nullable;
import org.springframework.http.HttpStatus;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestBody;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.bind.annotation.ResponseStatus;
import org.springframework.web.bind.annotation.RestController;

/// Drills are staged from outside the hub and reported to it, so that its metrics tell of them.
@RestController
@Tag(name = "admin")
class DrillController {
  private final Drills drills;
  private final Ids ids;
  private final LiveMode mode;
  private final Clock clock;

  DrillController(Drills drills, Ids ids, LiveMode mode, Clock clock) {
    this.drills = drills;
    this.ids = ids;
    this.mode = mode;
    this.clock = clock;
  }

  @PostMapping("/v1/admin/drills")
  @ResponseStatus(HttpStatus.CREATED)
  @Operation(
      operationId = "createDrill",
      summary = "Report how a drill went",
      description = "Needs the operator key. `./millrace drill` does it.")
  DrillBody create(Operator operator, @RequestBody @Valid DrillRequest body) {
    if (body.answered() != (body.answerMillis() != null)) {
      throw Problem.of(ProblemCode.INVALID_REQUEST, "answer_ms goes with answered.")
          .about("answer_ms")
          .asException();
    }
    var drill =
        new Drill(
            ids.next("drl_"),
            body.kind(),
            body.answered(),
            body.channel(),
            body.guardedMillis(),
            Optional.ofNullable(body.answerMillis()),
            Optional.ofNullable(body.gas()),
            Optional.ofNullable(body.feeWei()).map(BigInteger::new),
            clock.instant());
    drills.add(drill);
    drills.look();
    return DrillBody.of(drill, mode.live());
  }

  @GetMapping("/v1/admin/drills")
  @Operation(
      operationId = "listDrills",
      summary = "List drills, newest first",
      description = "Needs the operator key.")
  Page<DrillBody> list(
      Operator operator,
      @RequestParam(required = false) @Nullable Integer limit,
      @RequestParam(name = "starting_after", required = false) @Nullable String startingAfter,
      @RequestParam(required = false) @Nullable Boolean answered,
      @RequestParam(required = false) @Nullable String channel,
      @RequestParam(name = "created[gte]", required = false) @Nullable Instant from,
      @RequestParam(name = "created[lt]", required = false) @Nullable Instant to) {
    var page = PageRequest.of("drl_", limit, startingAfter);
    var wanted =
        new Drills.Filter(
            Optional.ofNullable(answered), Wanted.channel("channel", channel), Period.of(from, to));
    return Page.of(drills.list(wanted, page), page).map(drill -> DrillBody.of(drill, mode.live()));
  }

  record DrillRequest(
      @NotNull @Pattern(regexp = "withdraw") @Schema(allowableValues = "withdraw") String kind,
      boolean answered,
      @NotNull @Schema(implementation = String.class) ChannelId channel,
      @JsonProperty("guarded_ms") @PositiveOrZero long guardedMillis,
      @JsonProperty("answer_ms") @PositiveOrZero @Nullable Long answerMillis,
      @PositiveOrZero @Nullable Long gas,
      @JsonProperty("fee_wei") @Pattern(regexp = "[0-9]{1,77}") @Nullable String feeWei) {}

  @Schema(name = "Drill")
  record DrillBody(
      String id,
      @Schema(example = "drill") String object,
      boolean livemode,
      @Schema(allowableValues = "withdraw") String kind,
      boolean answered,
      @Schema(implementation = String.class) ChannelId channel,
      @JsonProperty("guarded_ms") @Schema(description = "Until the watchtower held the voucher")
          long guardedMillis,
      @JsonProperty("answer_ms")
          @Schema(description = "From the withdrawal's block until the claim was seen in one")
          @Nullable Long answerMillis,
      @Schema(description = "Of the whole claim") @Nullable Long gas,
      @JsonProperty("fee_wei") @Nullable String feeWei,
      @JsonProperty("created_at") Instant createdAt) {
    static DrillBody of(Drill drill, boolean live) {
      return new DrillBody(
          drill.id(),
          "drill",
          live,
          drill.kind(),
          drill.answered(),
          drill.channel(),
          drill.guardedMillis(),
          drill.answerMillis().orElse(null),
          drill.gas().orElse(null),
          drill.feeWei().map(BigInteger::toString).orElse(null),
          drill.at());
    }
  }
}
