package millrace.channel.guard;

import millrace.messaging.command.PriceLimitView;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.RestController;

/// Tells gateways what they need not offer.
@RestController
class PriceLimitController {
  private final Exposure exposure;

  PriceLimitController(Exposure exposure) {
    this.exposure = exposure;
  }

  @GetMapping("/internal/price-limit")
  PriceLimitView most() {
    return exposure.priceLimit();
  }
}
