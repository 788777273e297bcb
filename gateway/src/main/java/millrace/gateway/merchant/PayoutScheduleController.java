package millrace.gateway.merchant;

import io.swagger.v3.oas.annotations.Operation;
import io.swagger.v3.oas.annotations.tags.Tag;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PutMapping;
import org.springframework.web.bind.annotation.RequestBody;
import org.springframework.web.bind.annotation.RestController;

/// A merchant chooses when it is paid without asking.
@RestController
@Tag(name = "payouts")
class PayoutScheduleController {
  private final PayoutSchedules schedules;
  private final PayoutScheduleSettings settings;
  private final Denomination denomination;

  PayoutScheduleController(
      PayoutSchedules schedules, PayoutScheduleSettings settings, Denomination denomination) {
    this.schedules = schedules;
    this.settings = settings;
    this.denomination = denomination;
  }

  @GetMapping("/v1/payout_schedule")
  @Operation(operationId = "getPayoutSchedule", summary = "Show when the balance is paid out")
  PayoutScheduleBody get(@Scoped(Scope.PAYOUTS_READ) Caller caller) {
    return PayoutScheduleBody.of(schedules.of(caller.merchant()), denomination);
  }

  @PutMapping("/v1/payout_schedule")
  @Operation(
      operationId = "setPayoutSchedule",
      summary = "Choose when the balance is paid out",
      description =
          "manual: only when asked. threshold: whenever the balance has reached amount. interval:"
              + " daily, weekly (Mondays) or monthly (the first), at midnight UTC. Payouts can be"
              + " asked for besides.")
  PayoutScheduleBody set(
      @Scoped(Scope.PAYOUTS_WRITE) Caller caller, @RequestBody PayoutScheduleRequest body) {
    schedules.set(caller.merchant(), body.schedule("", settings));
    return PayoutScheduleBody.of(schedules.of(caller.merchant()), denomination);
  }
}
