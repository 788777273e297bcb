package millrace.channel.giveback;

import java.util.List;
import millrace.channel.web.NotFound;
import millrace.messaging.command.GiveBackCommand;
import millrace.messaging.command.GiveBackOutcome;
import millrace.messaging.command.GiveBackView;
import millrace.messaging.command.ListQuery;
import millrace.protocol.type.MerchantId;
import millrace.protocol.type.RefundId;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.ModelAttribute;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestBody;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.bind.annotation.RestController;

@RestController
class GiveBackController {
  private final GiveBacks giveBacks;

  GiveBackController(GiveBacks giveBacks) {
    this.giveBacks = giveBacks;
  }

  @PostMapping("/internal/give-backs")
  GiveBackOutcome request(
      @RequestBody GiveBackCommand command, @RequestParam(defaultValue = "0") long waitMillis) {
    return giveBacks.request(command, waitMillis);
  }

  @GetMapping("/internal/give-backs/{id}")
  GiveBackView one(@PathVariable RefundId id) {
    return giveBacks.find(id).orElseThrow(() -> new NotFound("no refund " + id));
  }

  @GetMapping("/internal/merchants/{id}/give-backs")
  List<GiveBackView> ofMerchant(@PathVariable MerchantId id, @ModelAttribute ListQuery query) {
    return giveBacks.list(id, query);
  }
}
