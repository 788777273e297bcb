package millrace.channel.payment;

import java.util.List;
import millrace.channel.guard.Guards;
import millrace.channel.web.BadRequest;
import millrace.channel.web.NotFound;
import millrace.messaging.command.PaymentCommand;
import millrace.messaging.command.PaymentOutcome;
import millrace.messaging.command.PaymentView;
import millrace.protocol.channel.HubTerms;
import millrace.protocol.type.PaymentId;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestBody;
import org.springframework.web.bind.annotation.RestController;

@RestController
class PaymentController {
  private final Payments payments;
  private final PaymentRows rows;
  private final Guards guards;
  private final PaymentProperties properties;
  private final HubTerms terms;

  PaymentController(
      Payments payments,
      PaymentRows rows,
      Guards guards,
      PaymentProperties properties,
      HubTerms terms) {
    this.payments = payments;
    this.rows = rows;
    this.guards = guards;
    this.properties = properties;
    this.terms = terms;
  }

  /// All or nothing in time, each for itself in outcome: a refused command costs its neighbours
  /// nothing, and a failed commit means that none of them happened.
  @PostMapping("/internal/payments")
  List<PaymentOutcome> pay(@RequestBody List<PaymentCommand> commands) {
    if (commands.size() > properties.maxBatch()) {
      throw new BadRequest("at most " + properties.maxBatch() + " commands at once");
    }
    return payments.accept(commands);
  }

  @GetMapping("/internal/payments/{id}")
  PaymentView payment(@PathVariable PaymentId id) {
    return rows.find(id)
        .map(row -> row.view(terms.token().address(), isGuarded(row)))
        .orElseThrow(() -> new NotFound("no payment " + id));
  }

  private boolean isGuarded(PaymentRow row) {
    return row.sequence().isPresent()
        && guards.sequence(row.channelId()) >= row.sequence().getAsLong();
  }
}
