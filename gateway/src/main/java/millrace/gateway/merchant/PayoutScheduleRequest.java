package millrace.gateway.merchant;

import io.swagger.v3.oas.annotations.media.Schema;
import java.util.Arrays;
import java.util.Optional;
import java.util.stream.Collectors;
import millrace.gateway.merchant.PayoutSchedule.Interval;
import millrace.gateway.merchant.PayoutSchedule.Manual;
import millrace.gateway.merchant.PayoutSchedule.Regular;
import millrace.gateway.merchant.PayoutSchedule.Threshold;
import millrace.gateway.page.Choice;
import millrace.gateway.problem.Problem;
import millrace.gateway.problem.ProblemCode;
import millrace.protocol.type.Amount;
import org.jspecify.annotations.Nullable;

/// A schedule as it is asked for: `amount` belongs to a threshold and `interval` to an interval.
@Schema(name = "PayoutScheduleRequest")
record PayoutScheduleRequest(
    @Schema(
            allowableValues = {"manual", "threshold", "interval"},
            requiredMode = Schema.RequiredMode.REQUIRED)
        @Nullable String type,
    @Schema(implementation = String.class, example = "25000000") @Nullable Amount amount,
    @Schema(allowableValues = {"daily", "weekly", "monthly"}) @Nullable String interval) {

  /// @param path before the name of the field that a problem is about
  PayoutSchedule schedule(String path, PayoutScheduleSettings settings) {
    if (amount != null && !"threshold".equals(type)) {
      throw invalid(path + "amount", "belongs to type threshold");
    }
    if (interval != null && !"interval".equals(type)) {
      throw invalid(path + "interval", "belongs to type interval");
    }
    return switch (type) {
      case "manual" -> new Manual();
      case "threshold" -> threshold(path + "amount", settings.least());
      case "interval" -> regular(path + "interval");
      case null, default -> throw invalid(path + "type", "must be manual, threshold or interval");
    };
  }

  private PayoutSchedule threshold(String field, Amount least) {
    if (amount == null) throw invalid(field, "is missing");
    if (amount.isZero()) throw invalid(field, "must be above 0");
    if (least.exceeds(amount)) throw invalid(field, "must be " + least + " or more");
    return new Threshold(amount);
  }

  private PayoutSchedule regular(String field) {
    return Optional.ofNullable(interval)
        .flatMap(
            given ->
                Arrays.stream(Interval.values())
                    .filter(one -> Choice.word(one).equals(given))
                    .findFirst())
        .map(Regular::new)
        .orElseThrow(() -> invalid(field, "must be " + words()));
  }

  private static String words() {
    return Arrays.stream(Interval.values()).map(Choice::word).collect(Collectors.joining(", "));
  }

  private static RuntimeException invalid(String field, String why) {
    return Problem.of(ProblemCode.INVALID_REQUEST, field + " " + why + ".")
        .about(field)
        .asException();
  }
}
