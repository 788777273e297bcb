package millrace.channel.fee;

import millrace.messaging.command.FeeCommand;
import millrace.messaging.command.FeeView;
import millrace.protocol.type.MerchantId;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestBody;
import org.springframework.web.bind.annotation.RestController;

@RestController
class FeeController {
  private final Fees fees;

  FeeController(Fees fees) {
    this.fees = fees;
  }

  @PostMapping("/internal/fees")
  FeeView set(@RequestBody FeeCommand command) {
    fees.set(command.merchantId(), command.terms());
    return new FeeView(command.merchantId(), command.terms());
  }

  @GetMapping("/internal/merchants/{id}/fee")
  FeeView fee(@PathVariable MerchantId id) {
    return new FeeView(id, fees.stored(id));
  }
}
