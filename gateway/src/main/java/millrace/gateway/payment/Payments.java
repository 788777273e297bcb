package millrace.gateway.payment;

import java.util.List;
import java.util.Optional;
import millrace.gateway.hub.Hub;
import millrace.gateway.page.PageRequest;
import millrace.messaging.command.PaymentView;
import millrace.protocol.type.ChannelId;
import millrace.protocol.type.MerchantId;
import millrace.protocol.type.PaymentId;
import org.springframework.stereotype.Service;

/// Looks payments up: in our own copy, and while it is behind, where they were taken.
@Service
class Payments {
  private final PaymentLog log;
  private final Hub hub;

  Payments(PaymentLog log, Hub hub) {
    this.log = log;
    this.hub = hub;
  }

  Optional<Payment> find(MerchantId merchant, PaymentId id) {
    return log.find(merchant, id)
        .or(
            () ->
                hub.payment(id)
                    .filter(view -> view.merchantId().equals(merchant))
                    .map(Payments::payment));
  }

  List<Payment> list(MerchantId merchant, Optional<ChannelId> channel, PageRequest page) {
    return log.list(merchant, channel, page);
  }

  private static Payment payment(PaymentView view) {
    return new Payment(
        view.id(),
        view.merchantId(),
        view.channelId(),
        Optional.empty(),
        view.token(),
        view.amount(),
        view.status(),
        view.resource(),
        view.guarded(),
        view.createdAt());
  }
}
