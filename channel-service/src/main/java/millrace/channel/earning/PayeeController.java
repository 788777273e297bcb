package millrace.channel.earning;

import java.util.List;
import millrace.channel.web.BadRequest;
import millrace.messaging.command.EarnedView;
import millrace.messaging.command.PayeeCommand;
import millrace.protocol.type.MerchantId;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestBody;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.bind.annotation.RestController;

@RestController
class PayeeController {
  private static final int MOST_AT_ONCE = 1_000;

  private final Earnings earnings;

  PayeeController(Earnings earnings) {
    this.earnings = earnings;
  }

  /// How many of them are known now: all.
  @PostMapping("/internal/payees")
  int payees(@RequestBody List<PayeeCommand> payees) {
    if (payees.size() > MOST_AT_ONCE) throw new BadRequest("at most " + MOST_AT_ONCE + " payees");
    return earnings.know(payees);
  }

  @GetMapping("/internal/earnings")
  List<EarnedView> earnings(@RequestParam List<MerchantId> merchants) {
    if (merchants.size() > MOST_AT_ONCE) {
      throw new BadRequest("at most " + MOST_AT_ONCE + " merchants");
    }
    return earnings.of(merchants);
  }
}
