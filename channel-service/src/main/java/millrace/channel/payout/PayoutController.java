package millrace.channel.payout;

import java.util.List;
import millrace.channel.web.NotFound;
import millrace.messaging.command.BalanceView;
import millrace.messaging.command.ListQuery;
import millrace.messaging.command.PayoutCancelCommand;
import millrace.messaging.command.PayoutCommand;
import millrace.messaging.command.PayoutOutcome;
import millrace.messaging.command.PayoutPlace;
import millrace.messaging.command.PayoutView;
import millrace.protocol.type.MerchantId;
import millrace.protocol.type.PayoutId;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.ModelAttribute;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestBody;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.bind.annotation.RestController;

@RestController
class PayoutController {
  private final Payouts payouts;

  PayoutController(Payouts payouts) {
    this.payouts = payouts;
  }

  @PostMapping("/internal/payouts")
  PayoutOutcome request(@RequestBody PayoutCommand command) {
    return payouts.request(command);
  }

  @PostMapping("/internal/payout-cancellations")
  PayoutOutcome cancel(
      @RequestBody PayoutCancelCommand command, @RequestParam(defaultValue = "0") long waitMillis) {
    return payouts.cancel(command, waitMillis);
  }

  @GetMapping("/internal/payouts/{id}")
  PayoutView payout(@PathVariable PayoutId id) {
    return payouts.find(id).orElseThrow(() -> new NotFound("no payout " + id));
  }

  @GetMapping("/internal/payouts/{id}/place")
  PayoutPlace place(@PathVariable PayoutId id) {
    return payouts.place(id).orElseThrow(() -> new NotFound("no payout " + id));
  }

  @GetMapping("/internal/merchants/{id}/payouts")
  List<PayoutView> payouts(@PathVariable MerchantId id, @ModelAttribute ListQuery query) {
    return payouts.list(id, query);
  }

  @GetMapping("/internal/merchants/{id}/balances")
  List<BalanceView> balances(@PathVariable MerchantId id) {
    return List.of(payouts.balance(id));
  }
}
