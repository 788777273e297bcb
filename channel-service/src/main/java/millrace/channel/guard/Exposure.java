package millrace.channel.guard;

import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import java.time.Duration;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.locks.ReentrantLock;
import java.util.stream.Collectors;
import millrace.channel.guard.ExposureBudget.Limits;
import millrace.messaging.command.PriceLimitView;
import millrace.protocol.type.Address;
import millrace.protocol.type.Amount;
import millrace.protocol.type.ChannelId;
import org.springframework.stereotype.Component;
import org.springframework.transaction.annotation.Propagation;
import org.springframework.transaction.annotation.Transactional;

/// What batches of payments may still charge before the tower has to catch up. One payer's channels
/// are counted exactly; the total of all is read now and then, and this replica's own charges since
/// are added, so it is behind by what other replicas charge in between.
@Component
public class Exposure {
  private static final Duration KEPT = Duration.ofMillis(200);

  private final ExposureProperties properties;
  private final Guards guards;
  private final ReentrantLock reading = new ReentrantLock();
  private volatile Total last = new Total(Amount.ZERO, Optional.empty());
  private volatile Amount own = Amount.ZERO;

  Exposure(ExposureProperties properties, Guards guards, MeterRegistry metrics) {
    this.properties = properties;
    this.guards = guards;
    Gauge.builder("millrace.channel.exposed", () -> last.amount().units().doubleValue())
        .description("base units charged that the watchtower does not hold vouchers for yet")
        .register(metrics);
    Gauge.builder(
            "millrace.channel.exposed.limit",
            () -> properties.limited() ? properties.total().units().doubleValue() : Double.NaN)
        .description("base units beyond which nothing is served until the tower has caught up")
        .register(metrics);
  }

  /// For one batch. The caller has locked the channels.
  @Transactional(propagation = Propagation.MANDATORY)
  public ExposureBudget budget(Collection<Asking> asked) {
    if (!properties.limited()) return ExposureBudget.unlimited();
    var limits = limits();
    return new ExposureBudget(Optional.of(limits), counted(asked, limits.share()), total());
  }

  /// What may be charged at once: a price above it will not be paid however long one waits.
  PriceLimitView priceLimit() {
    var most = properties.limited() ? Optional.of(limits().most()) : Optional.<Amount>empty();
    var name = properties.perPayer().exceeds(properties.total()) ? "total" : "per-payer";
    return new PriceLimitView(most, "millrace.channel.exposure." + name);
  }

  private Limits limits() {
    return new Limits(properties.perPayer(), properties.total());
  }

  private Map<Address, Map<ChannelId, Amount>> counted(Collection<Asking> asked, Amount share) {
    Set<Address> payers =
        asked.stream()
            .filter(asking -> asking.exposed().exceeds(share))
            .map(Asking::payer)
            .collect(Collectors.toCollection(HashSet::new));
    if (payers.isEmpty()) return Map.of();
    guards.exclude(payers);
    var counted = new HashMap<>(guards.exposedOf(payers));
    payers.forEach(payer -> counted.putIfAbsent(payer, Map.of()));
    return counted;
  }

  /// To be told of what was committed.
  public void charged(Amount amount) {
    if (!properties.limited() || amount.isZero()) return;
    reading.lock();
    try {
      own = own.plus(amount);
      last = new Total(last.amount().plus(amount), last.readAt());
    } finally {
      reading.unlock();
    }
  }

  /// For those who watch; payments look when they need it.
  void look() {
    var before = own;
    // A thread without a connection must not hold up those who have one.
    var now = guards.exposed();
    reading.lock();
    try {
      // What was charged meanwhile may not have been seen; rather twice than not at all.
      var meanwhile = own.minus(before);
      last = new Total(now.plus(meanwhile), Optional.of(System.nanoTime()));
    } finally {
      reading.unlock();
    }
  }

  /// Whether half of what may be exposed is.
  boolean isHigh() {
    return properties.limited() && last.amount().plus(last.amount()).exceeds(properties.total());
  }

  /// To be asked within a transaction: whoever waits here for another one's look holds
  /// a connection.
  public Amount total() {
    if (last.isFresh()) return last.amount();
    // One looks, and those who came meanwhile take what it saw.
    reading.lock();
    try {
      if (!last.isFresh()) last = new Total(guards.exposed(), Optional.of(System.nanoTime()));
      return last.amount();
    } finally {
      reading.unlock();
    }
  }

  private record Total(Amount amount, Optional<Long> readAt) {
    boolean isFresh() {
      return readAt.filter(at -> System.nanoTime() - at < KEPT.toNanos()).isPresent();
    }
  }
}
