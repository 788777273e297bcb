package millrace.gateway.reconciliation;

import com.fasterxml.jackson.annotation.JsonProperty;
import io.swagger.v3.oas.annotations.Operation;
import io.swagger.v3.oas.annotations.media.Schema;
import io.swagger.v3.oas.annotations.tags.Tag;
import java.math.BigInteger;
import java.time.Clock;
import java.time.Instant;
import java.util.List;
import millrace.gateway.merchant.Denomination;
import millrace.gateway.merchant.Operator;
import millrace.protocol.type.Address;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.bind.annotation.RestController;

/// Whether ledger, databases and chain agree, for whoever runs the hub.
@RestController
@Tag(name = "admin")
class ReconciliationController {
  private final Reconciliation reconciliation;
  private final Denomination denomination;
  private final Clock clock;

  ReconciliationController(Reconciliation reconciliation, Denomination denomination, Clock clock) {
    this.reconciliation = reconciliation;
    this.denomination = denomination;
    this.clock = clock;
  }

  @GetMapping("/v1/admin/reconciliation")
  @Operation(
      operationId = "getReconciliation",
      summary = "Compare ledger, databases and chain",
      description =
          "Needs the operator key. Compares again for some seconds while they differ, since news of"
              + " the chain travels; what is left is a difference. journal=true also adds up the"
              + " whole journal of the ledger, account by account, which takes long.")
  ReconciliationBody get(Operator operator, @RequestParam(defaultValue = "false") boolean journal) {
    var report = reconciliation.compare(journal);
    return new ReconciliationBody(
        "reconciliation",
        denomination.live(),
        report.asset(),
        denomination.decimals(),
        report.block(),
        clock.instant(),
        report.agrees(),
        VaultBody.of(report.vault()),
        report.lines().stream().map(LineBody::of).toList());
  }

  @Schema(name = "Reconciliation")
  record ReconciliationBody(
      @Schema(example = "reconciliation") String object,
      boolean livemode,
      @Schema(implementation = String.class) Address asset,
      @Schema(example = "6") int decimals,
      @Schema(description = "The final block that the chain's figures are of") long block,
      Instant at,
      @Schema(description = "Whether no line differs") boolean agrees,
      VaultBody vault,
      List<LineBody> lines) {}

  @Schema(
      name = "ReconciliationVault",
      description = "held and unsettled add up to what the others add up to")
  record VaultBody(
      @Schema(implementation = String.class, description = "Tokens of the vault") BigInteger held,
      @Schema(implementation = String.class, description = "Claimed, not in the vault yet")
          BigInteger unsettled,
      @Schema(implementation = String.class, description = "Credited and not withdrawn")
          BigInteger owed,
      @Schema(implementation = String.class, description = "Promised and not credited")
          BigInteger promised,
      @Schema(implementation = String.class, description = "Claimed, and payers' credit")
          BigInteger payers,
      @Schema(
              implementation = String.class,
              description = "Claimed and the hub's own: what it ever kept of payments")
          BigInteger fees,
      @Schema(implementation = String.class, description = "Claimed and promised to nobody yet")
          BigInteger unpromised,
      @Schema(implementation = String.class, description = "Not from channels; below 0: missing")
          BigInteger reserve) {
    static VaultBody of(Vault vault) {
      return new VaultBody(
          vault.held(),
          vault.unsettled(),
          vault.owed(),
          vault.promised(),
          vault.payers(),
          vault.fees(),
          vault.unpromised(),
          vault.reserve());
    }
  }

  @Schema(name = "ReconciliationLine", description = "Two figures that have to agree")
  record LineBody(
      String name,
      String what,
      @JsonProperty("left_source") String leftSource,
      @Schema(implementation = String.class) BigInteger left,
      @JsonProperty("right_source") String rightSource,
      @Schema(implementation = String.class) BigInteger right,
      @Schema(implementation = String.class, description = "0 where they agree")
          BigInteger difference) {
    static LineBody of(Line line) {
      return new LineBody(
          line.name(),
          line.what(),
          line.leftSource(),
          line.left(),
          line.rightSource(),
          line.right(),
          line.difference());
    }
  }
}
