package millrace.channel.ledger;

import java.util.List;
import millrace.channel.web.BadRequest;
import millrace.messaging.command.AccountOffView;
import millrace.messaging.command.LedgerView;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.bind.annotation.RestController;

@RestController
class LedgerController {
  private static final int MOST_ACCOUNTS = 100;

  private final LedgerCheck check;

  LedgerController(LedgerCheck check) {
    this.check = check;
  }

  @GetMapping("/internal/ledger")
  LedgerView ledger() {
    return check.summary();
  }

  /// Reads the whole journal, so nobody should ask often.
  @GetMapping("/internal/ledger/accounts-off")
  List<AccountOffView> accountsOff(@RequestParam(defaultValue = "20") int limit) {
    if (limit < 1 || limit > MOST_ACCOUNTS) throw new BadRequest("limit is 1 to " + MOST_ACCOUNTS);
    return check.accountsOff(limit);
  }
}
