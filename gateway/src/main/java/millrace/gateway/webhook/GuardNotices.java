package millrace.gateway.webhook;

import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import millrace.gateway.channel.GuardLog;
import millrace.gateway.webhook.Audience.Pair;
import millrace.messaging.ReceivedEvent;
import millrace.messaging.event.GuardEvent.Guarded;
import millrace.messaging.event.GuardEvent.VouchersGuarded;
import millrace.protocol.type.MerchantId;
import org.springframework.stereotype.Component;

/// Tells those who ask for it up to where the watchtower holds the vouchers of channels that they
/// were paid from. It says so many times a second and few want to know, so nothing is read before
/// anybody does.
@Component
class GuardNotices {
  private static final EventType TYPE = EventType.CHANNEL_GUARDED;

  private final Audience audience;
  private final Deliveries deliveries;
  private final GuardLog guards;
  private final NoticeBodies bodies;

  GuardNotices(Audience audience, Deliveries deliveries, GuardLog guards, NoticeBodies bodies) {
    this.audience = audience;
    this.deliveries = deliveries;
    this.guards = guards;
    this.bodies = bodies;
  }

  /// @param news of the watchtower, all of them kept already
  /// @param met who was just paid from a channel for the first time: the news of it may have come
  ///     before, when they concerned nobody yet
  List<Notice> notices(List<ReceivedEvent> news, Set<Pair> met) {
    if (news.isEmpty() && met.isEmpty()) return List.of();
    var wanting = deliveries.wanting(TYPE);
    if (wanting.isEmpty()) return List.of();
    Map<String, Notice> notices = new LinkedHashMap<>();
    for (var pair : met) {
      if (!wanting.contains(pair.merchant())) continue;
      guards
          .find(pair.channel())
          .ifPresent(held -> add(notices, held.voucher(), held.at(), pair.merchant()));
    }
    var told = news.stream().map(event -> (VouchersGuarded) event.event()).toList();
    var concerned =
        audience.of(
            told.stream()
                .flatMap(event -> event.vouchers().stream())
                .map(Guarded::channelId)
                .collect(Collectors.toSet()));
    for (var event : told) {
      for (var voucher : event.vouchers()) {
        for (var merchant : concerned.getOrDefault(voucher.channelId(), Set.of())) {
          if (wanting.contains(merchant)) add(notices, voucher, event.at(), merchant);
        }
      }
    }
    return List.copyOf(notices.values());
  }

  private void add(
      Map<String, Notice> notices, Guarded voucher, Instant exactly, MerchantId merchant) {
    var at = exactly.truncatedTo(ChronoUnit.MILLIS);
    var id = Notice.id(voucher.channelId(), voucher.sequence(), at, merchant, TYPE);
    notices.putIfAbsent(
        id,
        new Notice(
            id,
            merchant,
            TYPE,
            voucher.channelId().toString(),
            () -> bodies.envelope(id, TYPE, at, bodies.of(voucher)),
            at));
  }
}
