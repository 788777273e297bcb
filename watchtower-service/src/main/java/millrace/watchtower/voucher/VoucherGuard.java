package millrace.watchtower.voucher;

import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Timer;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.TreeMap;
import millrace.messaging.ReceivedEvent;
import millrace.messaging.Topics;
import millrace.messaging.event.ChannelEvent.Claimable;
import millrace.messaging.event.GuardEvent;
import millrace.messaging.event.GuardEvent.Guarded;
import millrace.messaging.event.GuardEvent.VouchersGuarded;
import millrace.messaging.outbox.Outbox;
import millrace.protocol.channel.HubTerms;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.kafka.annotation.KafkaListener;
import org.springframework.kafka.support.KafkaHeaders;
import org.springframework.messaging.handler.annotation.Header;
import org.springframework.stereotype.Component;
import org.springframework.transaction.support.TransactionOperations;

/// Takes in what was paid and keeps the newest voucher of each channel. A repeat changes nothing,
/// so there is no inbox.
@Component
class VoucherGuard {
  private static final Logger LOG = LoggerFactory.getLogger(VoucherGuard.class);

  /// As [VoucherStore] tells which of two is newer.
  private static final Comparator<Claimable> NEWEST_FIRST =
      Comparator.comparing(Claimable::charged).thenComparing(Claimable::sequence).reversed();

  private final Examination examination;
  private final VoucherStore vouchers;
  private final TopicPositions positions;
  private final NewVouchers listener;
  private final Outbox outbox;
  private final TransactionOperations transactions;
  private final Clock clock;
  private final MeterRegistry meters;
  private final Timer lag;

  VoucherGuard(
      HubTerms hub,
      VoucherStore vouchers,
      TopicPositions positions,
      NewVouchers listener,
      Outbox outbox,
      TransactionOperations transactions,
      Clock clock,
      MeterRegistry meters) {
    this.examination = new Examination(hub.domain(), hub.vault());
    this.vouchers = vouchers;
    this.positions = positions;
    this.listener = listener;
    this.outbox = outbox;
    this.transactions = transactions;
    this.clock = clock;
    this.meters = meters;
    this.lag =
        Timer.builder("millrace.tower.guard.lag")
            .description("from the acceptance of a payment until the tower holds a voucher for it")
            .publishPercentileHistogram()
            .register(meters);
  }

  @KafkaListener(topics = Topics.CHANNELS, containerFactory = "eventListeners")
  void on(
      List<ReceivedEvent> events,
      @Header(KafkaHeaders.RECEIVED_PARTITION) List<Integer> partitions,
      @Header(KafkaHeaders.OFFSET) List<Long> offsets) {
    var payments = new TreeMap<String, List<ReceivedEvent>>();
    for (var event : events) {
      if (event.is(Claimable.class)) {
        payments.computeIfAbsent(event.key(), _ -> new ArrayList<>()).add(event);
      }
    }
    var newest = payments.values().stream().flatMap(p -> newestGood(p).stream()).toList();
    transactions.executeWithoutResult(
        _ -> {
          if (!newest.isEmpty()) keep(newest);
          positions.read(Topics.CHANNELS, partitions, offsets);
        });
    if (newest.isEmpty()) return;
    var now = clock.instant();
    payments.values().stream()
        .flatMap(List::stream)
        .forEach(payment -> lag.record(Duration.between(payment.at(), now)));
  }

  /// The signature of the newest alone is checked, unless it is a bad one: that must not hide the
  /// good ones. Which is the newest is what the vouchers say and not where they stand, for what is
  /// sent again, or made up, comes last.
  private Optional<GuardedVoucher> newestGood(List<ReceivedEvent> events) {
    var payments = new ArrayList<Claimable>();
    for (var event : events) {
      if (event.event() instanceof Claimable payment) payments.add(payment);
    }
    payments.sort(NEWEST_FIRST);
    var key = events.getFirst().key();
    for (var payment : payments) {
      var fault = examination.faultOf(key, payment);
      if (fault.isEmpty()) {
        return Optional.of(
            new GuardedVoucher(
                payment.channelId(),
                payment.config(),
                payment.voucher(),
                payment.charged(),
                payment.sequence(),
                payment.claimTarget()));
      }
      LOG.warn("voucher {} of {}: {}", payment.sequence(), payment.channelId(), fault.get());
      meters.counter("millrace.tower.vouchers.refused", "fault", fault.get().name()).increment();
    }
    return Optional.empty();
  }

  private void keep(List<GuardedVoucher> newest) {
    var at = clock.instant();
    var kept = vouchers.keep(newest, at);
    if (kept.isEmpty()) return;
    listener.kept(kept);
    var guarded =
        newest.stream()
            .filter(voucher -> kept.contains(voucher.channelId()))
            .map(voucher -> new Guarded(voucher.channelId(), voucher.sequence(), voucher.charged()))
            .toList();
    outbox.append(GuardEvent.VOUCHERS, new VouchersGuarded(guarded, at));
  }
}
