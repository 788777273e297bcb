package millrace.gateway.balance;

import com.fasterxml.jackson.annotation.JsonProperty;
import io.swagger.v3.oas.annotations.Operation;
import io.swagger.v3.oas.annotations.media.Schema;
import io.swagger.v3.oas.annotations.tags.Tag;
import java.util.List;
import millrace.gateway.hub.Hub;
import millrace.gateway.merchant.Denomination;
import millrace.gateway.merchant.Operator;
import millrace.messaging.command.ExposureView;
import millrace.protocol.type.Address;
import millrace.protocol.type.Amount;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.RestController;

/// What the hub risks on deposits that are not final.
@RestController
@Tag(name = "admin")
class ExposureController {
  private final Hub hub;
  private final Denomination denomination;

  ExposureController(Hub hub, Denomination denomination) {
    this.hub = hub;
    this.denomination = denomination;
  }

  @GetMapping("/v1/admin/deposit_exposure")
  @Operation(
      operationId = "getDepositExposure",
      summary = "Show what was taken for deposits that are not final",
      description =
          "Needs the operator key. What is missing after a reorganisation goes on counting until it"
              + " is paid in. A limit of 0: deposits count only when they are final.")
  ExposureBody get(Operator operator) {
    return ExposureBody.of(hub.exposure(), denomination);
  }

  @Schema(name = "DepositExposure")
  record ExposureBody(
      @Schema(example = "deposit_exposure") String object,
      boolean livemode,
      @Schema(implementation = String.class) Address asset,
      @Schema(example = "6") int decimals,
      @JsonProperty("limit_per_payer") @Schema(implementation = String.class) Amount perPayer,
      @JsonProperty("limit_total") @Schema(implementation = String.class) Amount total,
      @Schema(implementation = String.class) Amount used,
      @Schema(description = "The most exposed first, not all") List<OfPayer> payers) {
    static ExposureBody of(ExposureView view, Denomination in) {
      return new ExposureBody(
          "deposit_exposure",
          in.live(),
          view.token(),
          in.decimals(),
          view.perPayer(),
          view.total(),
          view.used(),
          view.payers().stream().map(one -> new OfPayer(one.payer(), one.used())).toList());
    }
  }

  @Schema(name = "DepositExposureOfPayer")
  record OfPayer(
      @Schema(implementation = String.class) Address payer,
      @Schema(implementation = String.class) Amount used) {}
}
