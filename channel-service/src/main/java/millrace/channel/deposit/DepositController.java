package millrace.channel.deposit;

import millrace.messaging.command.DepositCommand;
import millrace.messaging.command.DepositOutcome;
import millrace.messaging.command.ExposureView;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestBody;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.bind.annotation.RestController;

@RestController
class DepositController {
  private final Deposits deposits;
  private final EarlyCredits earlyCredits;

  DepositController(Deposits deposits, EarlyCredits earlyCredits) {
    this.deposits = deposits;
    this.earlyCredits = earlyCredits;
  }

  @GetMapping("/internal/exposure")
  ExposureView exposure() {
    return earlyCredits.view();
  }

  @PostMapping("/internal/deposits")
  DepositOutcome deposit(
      @RequestBody DepositCommand command, @RequestParam(defaultValue = "0") long waitMillis) {
    return deposits.deposit(command, waitMillis);
  }
}
