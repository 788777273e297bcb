package millrace.channel.payment;

import java.util.List;
import millrace.messaging.command.HoldEndCommand;
import millrace.messaging.command.HoldEndOutcome;
import millrace.messaging.command.HoldSearch;
import millrace.messaging.command.PaymentView;
import millrace.protocol.channel.HubTerms;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestBody;
import org.springframework.web.bind.annotation.RestController;

@RestController
class HoldController {
  private final Holds holds;
  private final PaymentRows rows;
  private final HubTerms terms;

  HoldController(Holds holds, PaymentRows rows, HubTerms terms) {
    this.holds = holds;
    this.rows = rows;
    this.terms = terms;
  }

  @PostMapping("/internal/holds")
  HoldEndOutcome end(@RequestBody HoldEndCommand command) {
    return holds.end(command);
  }

  @PostMapping("/internal/holds/search")
  List<PaymentView> search(@RequestBody HoldSearch wanted) {
    // Held ones have no number yet, by which is told what the watchtower has.
    return rows.held(wanted).stream().map(row -> row.view(terms.token().address(), false)).toList();
  }
}
