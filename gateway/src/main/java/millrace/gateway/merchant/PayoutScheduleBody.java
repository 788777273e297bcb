package millrace.gateway.merchant;

import io.swagger.v3.oas.annotations.media.Schema;
import millrace.gateway.merchant.PayoutSchedule.Manual;
import millrace.gateway.merchant.PayoutSchedule.Regular;
import millrace.gateway.merchant.PayoutSchedule.Threshold;
import millrace.gateway.page.Choice;
import millrace.protocol.type.Address;
import millrace.protocol.type.Amount;
import org.jspecify.annotations.Nullable;

/// A schedule as it is shown. A merchant has one, so it needs no id.
@Schema(name = "PayoutSchedule")
record PayoutScheduleBody(
    @Schema(example = "payout_schedule") String object,
    boolean livemode,
    @Schema(allowableValues = {"manual", "threshold", "interval"}) String type,
    @Schema(
            implementation = String.class,
            example = "25000000",
            description = "Of a threshold, in base units")
        @Nullable Amount amount,
    @Schema(
            allowableValues = {"daily", "weekly", "monthly"},
            description = "Of an interval")
        @Nullable String interval,
    @Schema(implementation = String.class, description = "What is paid out") Address asset,
    @Schema(example = "6") int decimals) {

  static PayoutScheduleBody of(PayoutSchedule schedule, Denomination in) {
    return switch (schedule) {
      case Manual _ -> of("manual", null, null, in);
      case Threshold(var amount) -> of("threshold", amount, null, in);
      case Regular(var interval) -> of("interval", null, Choice.word(interval), in);
    };
  }

  private static PayoutScheduleBody of(
      String type, @Nullable Amount amount, @Nullable String interval, Denomination in) {
    return new PayoutScheduleBody(
        "payout_schedule", in.live(), type, amount, interval, in.asset(), in.decimals());
  }
}
