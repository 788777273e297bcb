package millrace.channel.refund;

import millrace.messaging.command.RefundCommand;
import millrace.messaging.command.RefundOutcome;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestBody;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.bind.annotation.RestController;

@RestController
class RefundController {
  private final Refunds refunds;

  RefundController(Refunds refunds) {
    this.refunds = refunds;
  }

  @PostMapping("/internal/refunds")
  RefundOutcome refund(
      @RequestBody RefundCommand command, @RequestParam(defaultValue = "0") long waitMillis) {
    return refunds.refund(command, waitMillis);
  }
}
