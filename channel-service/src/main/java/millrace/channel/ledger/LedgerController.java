package millrace.channel.ledger;

import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.RestController;

@RestController
class LedgerController {
  private final LedgerCheck check;

  LedgerController(LedgerCheck check) {
    this.check = check;
  }

  @GetMapping("/internal/ledger")
  LedgerSummary ledger() {
    return check.summary();
  }
}
