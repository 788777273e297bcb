package millrace.gateway.webhook;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import millrace.gateway.webhook.Audience.Pair;
import millrace.messaging.ReceivedEvent;
import millrace.messaging.event.ChainEvent;
import millrace.messaging.event.ChannelEvent;
import millrace.messaging.event.Event;
import millrace.messaging.event.GuardEvent;
import millrace.messaging.event.SettlementEvent;
import millrace.protocol.type.ChannelId;
import millrace.protocol.type.MerchantId;
import org.springframework.stereotype.Service;
import org.springframework.transaction.annotation.Transactional;

/// Turns events into notices and stores them. Reading an event twice stores nothing new.
@Service
public class Noticing {
  private final Audience audience;
  private final Deliveries deliveries;
  private final NoticeBodies bodies;
  private final GuardNotices guarded;
  private final NotedPayments notes;

  Noticing(
      Audience audience,
      Deliveries deliveries,
      NoticeBodies bodies,
      GuardNotices guarded,
      NotedPayments notes) {
    this.audience = audience;
    this.deliveries = deliveries;
    this.bodies = bodies;
    this.guarded = guarded;
    this.notes = notes;
  }

  @Transactional
  public void take(List<ReceivedEvent> received) {
    var byKind =
        received.stream()
            .collect(
                Collectors.partitioningBy(event -> event.is(GuardEvent.VouchersGuarded.class)));
    var met = tell(byKind.getOrDefault(false, List.of()));
    deliveries.add(guarded.notices(byKind.getOrDefault(true, List.of()), met));
  }

  /// @return who was paid from a channel for the first time
  private Set<Pair> tell(List<ReceivedEvent> events) {
    if (events.isEmpty()) return Set.of();
    var met = meet(events);
    var newcomers = Set.copyOf(met);
    var concerned =
        audience.of(
            events.stream()
                .flatMap(event -> channel(event.event()).stream())
                .collect(Collectors.toSet()));
    var noted = notes.on(payments(events));
    var notices = new ArrayList<Notice>();
    for (var event : events) notices.addAll(notices(event, met, concerned, noted));
    deliveries.add(notices);
    return newcomers;
  }

  private static List<ChannelEvent.PaymentAccepted> payments(List<ReceivedEvent> events) {
    return events.stream()
        .map(ReceivedEvent::event)
        .filter(ChannelEvent.PaymentAccepted.class::isInstance)
        .map(ChannelEvent.PaymentAccepted.class::cast)
        .toList();
  }

  private Set<Pair> meet(List<ReceivedEvent> events) {
    var pairs = new ArrayList<Pair>();
    for (var received : events) {
      switch (received.event()) {
        case ChannelEvent.PaymentAccepted paid -> pairs.add(Pair.of(paid));
        case ChannelEvent.ChannelOpened opened ->
            audience.opened(opened.channelId(), bodies.of(opened));
        default -> {}
      }
    }
    return audience.met(pairs);
  }

  /// Empty for events that concern nobody by channel.
  private static Optional<ChannelId> channel(Event event) {
    return switch (event) {
      case ChannelEvent.ChannelOpened(var channel, _, _, _) -> Optional.of(channel);
      case ChannelEvent.ChannelFrozen(var channel, _, _) -> Optional.of(channel);
      case ChannelEvent.ChannelThawed(var channel, _) -> Optional.of(channel);
      case ChannelEvent.ChannelClosed(var channel, _, _) -> Optional.of(channel);
      case SettlementEvent.RefundConfirmed refund -> Optional.of(refund.channelId());
      case SettlementEvent.RefundFailed refund -> Optional.of(refund.channelId());
      case GuardEvent.WithdrawalAnswered answered -> Optional.of(answered.channelId());
      default -> Optional.empty();
    };
  }

  private List<Notice> notices(
      ReceivedEvent received,
      Set<Pair> met,
      Map<ChannelId, Set<MerchantId>> concerned,
      NotedPayments.Page noted) {
    return switch (received.event()) {
      case ChannelEvent event -> ofChannel(received, event, met, concerned, noted);
      case SettlementEvent event -> ofSettlement(received, event, concerned);
      case GuardEvent.WithdrawalAnswered event ->
          toAll(
              received,
              EventType.WITHDRAWAL_ANSWERED,
              event.channelId(),
              () -> bodies.of(event),
              concerned);
      case GuardEvent.VouchersGuarded _, ChainEvent _ -> List.of();
    };
  }

  private List<Notice> ofChannel(
      ReceivedEvent received,
      ChannelEvent event,
      Set<Pair> met,
      Map<ChannelId, Set<MerchantId>> concerned,
      NotedPayments.Page noted) {
    return switch (event) {
      case ChannelEvent.PaymentAccepted paid -> ofPayment(received, paid, met, noted);
      case ChannelEvent.ChannelOpened opened ->
          toAll(
              received,
              EventType.CHANNEL_OPENED,
              opened.channelId(),
              () -> bodies.of(opened),
              concerned);
      case ChannelEvent.ChannelFrozen frozen ->
          toAll(
              received,
              EventType.CHANNEL_FROZEN,
              frozen.channelId(),
              () -> bodies.of(frozen),
              concerned);
      case ChannelEvent.ChannelThawed thawed ->
          toAll(
              received,
              EventType.CHANNEL_THAWED,
              thawed.channelId(),
              () -> bodies.of(thawed),
              concerned);
      case ChannelEvent.ChannelClosed closed ->
          toAll(
              received,
              EventType.CHANNEL_CLOSED,
              closed.channelId(),
              () -> bodies.of(closed),
              concerned);
      case ChannelEvent.GiveBackRequested refund ->
          ofRefund(
              received,
              refund.merchantId(),
              EventType.REFUND_CREATED,
              refund.channelId(),
              () -> bodies.of(refund));
      case ChannelEvent.CreditGiven refund ->
          ofRefund(
              received,
              refund.merchantId(),
              EventType.REFUND_SUCCEEDED,
              refund.channelId(),
              () -> bodies.of(refund));
      case ChannelEvent.GiveBackFailed refund ->
          ofRefund(
              received,
              refund.merchantId(),
              EventType.REFUND_FAILED,
              refund.channelId(),
              () -> bodies.of(refund));
      case ChannelEvent.GiveBackSent refund ->
          ofRefund(
              received,
              refund.merchantId(),
              EventType.REFUND_SUCCEEDED,
              refund.channelId(),
              () -> bodies.of(refund));
      case ChannelEvent.DepositAuthorized _,
          ChannelEvent.DueChanged _,
          ChannelEvent.RefundAuthorized _,
          ChannelEvent.PayoutRequested _,
          ChannelEvent.PayoutCancelRequested _,
          ChannelEvent.MerchantEarned _,
          ChannelEvent.HoldPlaced _,
          ChannelEvent.HoldEnded _,
          ChannelEvent.ChannelOverclaimed _ ->
          List.of();
    };
  }

  /// A merchant hears that a channel is open when it is first paid from it.
  private List<Notice> ofPayment(
      ReceivedEvent received,
      ChannelEvent.PaymentAccepted paid,
      Set<Pair> met,
      NotedPayments.Page noted) {
    var notices = new ArrayList<Notice>();
    var subject = paid.channelId().toString();
    if (met.remove(Pair.of(paid))) {
      audience
          .openedBody(paid.channelId())
          .ifPresent(
              body ->
                  notices.add(
                      notice(
                          received,
                          paid.merchantId(),
                          EventType.CHANNEL_OPENED,
                          subject,
                          () -> body)));
    }
    var id = Notice.id(paid.paymentId());
    notices.add(
        new Notice(
            id,
            paid.merchantId(),
            EventType.PAYMENT_SUCCEEDED,
            subject,
            () ->
                bodies.envelope(
                    id,
                    EventType.PAYMENT_SUCCEEDED,
                    paid.at(),
                    bodies.of(paid, noted.on(paid.paymentId()))),
            paid.at()));
    return notices;
  }

  /// A merchant's own refund, of which no other merchant of the channel hears.
  private List<Notice> ofRefund(
      ReceivedEvent received,
      MerchantId merchant,
      EventType type,
      ChannelId channel,
      Supplier<String> data) {
    return List.of(notice(received, merchant, type, channel.toString(), data));
  }

  private List<Notice> ofSettlement(
      ReceivedEvent received, SettlementEvent event, Map<ChannelId, Set<MerchantId>> concerned) {
    return switch (event) {
      // A merchant's refund concerns nobody else, and channel-service tells of it.
      case SettlementEvent.RefundConfirmed refund when refund.merchant().isPresent() -> List.of();
      case SettlementEvent.RefundFailed refund when refund.merchant().isPresent() -> List.of();
      case SettlementEvent.RefundConfirmed refund ->
          toAll(
              received,
              EventType.REFUND_SUCCEEDED,
              refund.channelId(),
              () -> bodies.of(refund),
              concerned);
      case SettlementEvent.RefundFailed refund ->
          toAll(
              received,
              EventType.REFUND_FAILED,
              refund.channelId(),
              () -> bodies.of(refund),
              concerned);
      case SettlementEvent.PayoutConfirmed payout ->
          List.of(
              notice(
                  received,
                  payout.merchantId(),
                  EventType.PAYOUT_PAID,
                  payout.payoutId().value(),
                  () -> bodies.of(payout)));
      case SettlementEvent.PayoutFailed payout ->
          List.of(
              notice(
                  received,
                  payout.merchantId(),
                  EventType.PAYOUT_FAILED,
                  payout.payoutId().value(),
                  () -> bodies.of(payout)));
      case SettlementEvent.PayoutCanceled payout ->
          List.of(
              notice(
                  received,
                  payout.merchantId(),
                  EventType.PAYOUT_CANCELED,
                  payout.payoutId().value(),
                  () -> bodies.of(payout)));
      case SettlementEvent.DepositConfirmed _,
          SettlementEvent.DepositFailed _,
          SettlementEvent.PayoutCancelRefused _,
          SettlementEvent.GiveBackGranted _,
          SettlementEvent.GiveBackDenied _,
          SettlementEvent.VoucherPublished _,
          SettlementEvent.ClaimConfirmed _,
          SettlementEvent.PromiseIssued _,
          SettlementEvent.CreditSeen _ ->
          List.of();
    };
  }

  private List<Notice> toAll(
      ReceivedEvent received,
      EventType type,
      ChannelId channel,
      Supplier<String> data,
      Map<ChannelId, Set<MerchantId>> concerned) {
    return concerned.getOrDefault(channel, Set.of()).stream()
        .map(merchant -> notice(received, merchant, type, channel.toString(), data))
        .toList();
  }

  private Notice notice(
      ReceivedEvent received,
      MerchantId merchant,
      EventType type,
      String subject,
      Supplier<String> data) {
    var at = received.at();
    var id = Notice.id(received.id(), at, merchant, type);
    return new Notice(
        id, merchant, type, subject, () -> bodies.envelope(id, type, at, data.get()), at);
  }
}
