package millrace.standalone.drill;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonProperty;
import java.util.Optional;
import millrace.standalone.drill.ClaimSearch.Claim;
import tools.jackson.databind.json.JsonMapper;

/// How a drill went.
///
/// @param guardedMillis from the answer to the payment until the tower held its voucher
/// @param answerMillis from the withdrawal's block until the claim was seen in one
@JsonInclude(JsonInclude.Include.NON_ABSENT)
public record DrillReport(
    boolean answered,
    String channel,
    String charged,
    String withdrawal,
    @JsonProperty("guarded_ms") long guardedMillis,
    @JsonProperty("answer_ms") Optional<Long> answerMillis,
    @JsonProperty("answer_blocks") Optional<Long> answerBlocks,
    Optional<String> claim,
    @JsonProperty("claimed_by") Optional<String> claimedBy,
    @JsonProperty("gas") Optional<Long> gas,
    @JsonProperty("fee_wei") Optional<String> feeWei) {
  private static final JsonMapper JSON = JsonMapper.shared();

  DrillReport answered(long millis, Optional<Claim> found) {
    return new DrillReport(
        true,
        channel,
        charged,
        withdrawal,
        guardedMillis,
        Optional.of(millis),
        found.map(Claim::blocks),
        found.map(Claim::transaction),
        found.map(Claim::from),
        found.map(claim -> claim.gas().longValueExact()),
        found.map(claim -> claim.feeWei().toString()));
  }

  static DrillReport unanswered(
      String channel, String charged, String withdrawal, long guardedMillis) {
    return new DrillReport(
        false,
        channel,
        charged,
        withdrawal,
        guardedMillis,
        Optional.empty(),
        Optional.empty(),
        Optional.empty(),
        Optional.empty(),
        Optional.empty(),
        Optional.empty());
  }

  public String json() {
    return JSON.writeValueAsString(this);
  }

  public String text() {
    var text =
        """
        channel     %s
        charged     %s, guarded after %d ms
        withdrawal  %s
        """
            .formatted(channel, charged, guardedMillis, withdrawal);
    if (!answered) return text + "NOT answered in time.";
    return text
        + """
        claim       %s by %s
        cost        %s gas, %s wei
        Answered after %.1f s, %s blocks.
        """
            .formatted(
                claim.orElse("not found"),
                claimedBy.orElse("?"),
                gas.map(String::valueOf).orElse("?"),
                feeWei.orElse("?"),
                answerMillis.orElse(0L) / 1e3,
                answerBlocks.map(String::valueOf).orElse("?"))
            .strip();
  }
}
