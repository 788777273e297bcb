package millrace.channel.payment;

import millrace.messaging.command.HoldEndCommand;
import millrace.messaging.command.HoldEndOutcome;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestBody;
import org.springframework.web.bind.annotation.RestController;

@RestController
class HoldController {
  private final Holds holds;

  HoldController(Holds holds) {
    this.holds = holds;
  }

  @PostMapping("/internal/holds")
  HoldEndOutcome end(@RequestBody HoldEndCommand command) {
    return holds.end(command);
  }
}
