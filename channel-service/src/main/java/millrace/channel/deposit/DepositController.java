package millrace.channel.deposit;

import millrace.messaging.command.DepositCommand;
import millrace.messaging.command.DepositOutcome;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestBody;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.bind.annotation.RestController;

@RestController
class DepositController {
  private final Deposits deposits;

  DepositController(Deposits deposits) {
    this.deposits = deposits;
  }

  @PostMapping("/internal/deposits")
  DepositOutcome deposit(
      @RequestBody DepositCommand command, @RequestParam(defaultValue = "0") long waitMillis) {
    return deposits.deposit(command, waitMillis);
  }
}
