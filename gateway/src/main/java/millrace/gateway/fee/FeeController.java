package millrace.gateway.fee;

import com.fasterxml.jackson.annotation.JsonProperty;
import io.swagger.v3.oas.annotations.Operation;
import io.swagger.v3.oas.annotations.media.Schema;
import io.swagger.v3.oas.annotations.tags.Tag;
import jakarta.validation.Valid;
import jakarta.validation.constraints.Max;
import jakarta.validation.constraints.Min;
import jakarta.validation.constraints.NotNull;
import millrace.gateway.hub.Hub;
import millrace.gateway.merchant.Caller;
import millrace.gateway.merchant.Denomination;
import millrace.gateway.merchant.Merchants;
import millrace.gateway.merchant.Operator;
import millrace.gateway.merchant.Scope;
import millrace.gateway.merchant.Scoped;
import millrace.gateway.offer.Offers;
import millrace.gateway.problem.Problem;
import millrace.gateway.problem.ProblemCode;
import millrace.messaging.command.FeeCommand;
import millrace.messaging.command.FeeView;
import millrace.protocol.channel.FeeTerms;
import millrace.protocol.type.Address;
import millrace.protocol.type.Amount;
import millrace.protocol.type.MerchantId;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PutMapping;
import org.springframework.web.bind.annotation.RequestBody;
import org.springframework.web.bind.annotation.RestController;

/// The operator says what it keeps of a merchant's payments; the merchant can look. Kept by
/// channel-service, which charges it.
@RestController
@Tag(name = "fees")
class FeeController {
  private final Hub hub;
  private final Merchants merchants;
  private final Denomination denomination;

  FeeController(Hub hub, Merchants merchants, Denomination denomination) {
    this.hub = hub;
    this.merchants = merchants;
    this.denomination = denomination;
  }

  @PutMapping("/v1/merchants/{id}/fee")
  @Operation(
      operationId = "setMerchantFee",
      summary = "Set what the hub keeps of a merchant's payments",
      description =
          "Needs the operator key. For payments from a moment later on, holds that are captured by"
              + " then included. Of a payment the hub keeps flat and basis_points ten-thousandths"
              + " of the amount, rounded down, and never more than the amount.")
  FeeBody set(Operator operator, @PathVariable String id, @RequestBody @Valid FeeRequest body) {
    if (body.flat().exceeds(Offers.MAX_PRICE)) {
      throw Problem.of(ProblemCode.INVALID_REQUEST, "flat must be below 2^96.")
          .about("flat")
          .asException();
    }
    var terms = new FeeTerms(body.flat(), body.basisPoints());
    return FeeBody.of(hub.charge(new FeeCommand(merchant(id), terms)), denomination);
  }

  @GetMapping("/v1/merchants/{id}/fee")
  @Operation(
      operationId = "getMerchantFee",
      summary = "Show what the hub keeps of a merchant's payments",
      description = "Needs the operator key.")
  FeeBody ofMerchant(Operator operator, @PathVariable String id) {
    return FeeBody.of(hub.fee(merchant(id)), denomination);
  }

  @GetMapping("/v1/fee")
  @Operation(operationId = "getFee", summary = "Show what the hub keeps of your payments")
  FeeBody own(@Scoped(Scope.BALANCE_READ) Caller caller) {
    return FeeBody.of(hub.fee(caller.merchant()), denomination);
  }

  private MerchantId merchant(String id) {
    return merchants.known(id).orElseThrow(() -> Problem.notFound("merchant").asException());
  }

  record FeeRequest(
      @NotNull @Schema(implementation = String.class, example = "5", description = "In base units")
          Amount flat,
      @JsonProperty("basis_points")
          @Min(0)
          @Max(FeeTerms.WHOLE)
          @Schema(example = "250", description = "Hundredths of a percent")
          int basisPoints) {}

  @Schema(name = "Fee", description = "What the hub keeps of each payment")
  record FeeBody(
      @Schema(example = "fee") String object,
      boolean livemode,
      String merchant,
      @Schema(implementation = String.class, example = "5") Amount flat,
      @JsonProperty("basis_points") @Schema(example = "250") int basisPoints,
      @Schema(implementation = String.class) Address asset,
      @Schema(example = "6") int decimals) {
    static FeeBody of(FeeView view, Denomination in) {
      return new FeeBody(
          "fee",
          in.live(),
          view.merchantId().value(),
          view.terms().flat(),
          view.terms().basisPoints(),
          in.asset(),
          in.decimals());
    }
  }
}
