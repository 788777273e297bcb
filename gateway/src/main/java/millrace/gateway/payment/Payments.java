package millrace.gateway.payment;

import java.util.List;
import java.util.Optional;
import millrace.gateway.hub.Hub;
import millrace.gateway.link.Links;
import millrace.gateway.link.PaymentLink;
import millrace.gateway.metadata.Metadata;
import millrace.gateway.page.PageRequest;
import millrace.messaging.command.HoldSearch;
import millrace.messaging.command.PaymentView;
import millrace.protocol.type.MerchantId;
import millrace.protocol.type.PaymentId;
import org.springframework.stereotype.Service;

/// Looks payments up: in our own copy, and while it is behind, where they were taken.
@Service
class Payments {
  private final PaymentLog log;
  private final PaymentNotes notes;
  private final Links links;
  private final Hub hub;

  Payments(PaymentLog log, PaymentNotes notes, Links links, Hub hub) {
    this.log = log;
    this.notes = notes;
    this.links = links;
    this.hub = hub;
  }

  Optional<Payment> find(MerchantId merchant, PaymentId id) {
    return log.find(merchant, id)
        .or(
            () ->
                hub.payment(id)
                    .filter(view -> view.merchantId().equals(merchant))
                    .map(view -> payment(view, notes.of(merchant, id))))
        .map(this::withLink);
  }

  List<Payment> list(MerchantId merchant, PaymentFilter filter, PageRequest page) {
    return log.list(merchant, filter, page).stream().map(this::withLink).toList();
  }

  /// Those that are held, which are in our own copy only once they are captured.
  List<Payment> held(MerchantId merchant, PaymentFilter filter, PageRequest page) {
    var found =
        hub.held(
            new HoldSearch(
                merchant,
                page.before(),
                page.limitAndOne(),
                filter.channel(),
                filter.payer(),
                filter.soldAt(),
                filter.period().fromTime().toInstant(),
                filter.period().toTime().toInstant()));
    var noted = notes.of(merchant, found.stream().map(PaymentView::id).toList());
    return found.stream()
        .map(view -> payment(view, noted.getOrDefault(view.id(), Metadata.NONE)))
        .map(this::withLink)
        .toList();
  }

  /// A payment by a link has the link's metadata.
  private Payment withLink(Payment payment) {
    return PaymentFilter.soldAt(payment.resource())
        .filter(PaymentLink::isId)
        .flatMap(links::find)
        .filter(link -> link.merchant().equals(payment.merchant()))
        .map(link -> payment.with(link.metadata()))
        .orElse(payment);
  }

  static Payment payment(PaymentView view, Metadata metadata) {
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
        metadata,
        view.createdAt(),
        view.expiresAt());
  }
}
