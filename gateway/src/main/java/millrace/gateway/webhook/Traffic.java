package millrace.gateway.webhook;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import io.github.resilience4j.circuitbreaker.CircuitBreaker;
import io.github.resilience4j.circuitbreaker.CircuitBreakerConfig;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;

/// How much is under way to each endpoint, and how much more may be. Endpoints that take long have
/// places of their own, so that however many there are, the others never wait for them; and one
/// that only fails is left alone for a while.
final class Traffic {
  private static final long SLOW_NANOS = Duration.ofSeconds(1).toNanos();
  private static final Duration MEMORY = Duration.ofHours(1);

  private final WebhookSettings settings;
  private final LongSupplier nanos;
  private final Cache<String, Way> ways =
      Caffeine.newBuilder().expireAfterAccess(MEMORY).maximumSize(100_000).build();

  Traffic(WebhookSettings settings, LongSupplier nanos) {
    this.settings = settings;
    this.nanos = nanos;
  }

  /// @param limit of all lanes together
  /// @param of endpoints of which something is known; of any other a whole share may be taken
  record Allowance(int limit, Map<String, Integer> of) {}

  Allowance allowance() {
    Map<String, Integer> allowed = new HashMap<>();
    int fast = settings.concurrency();
    int slow = settings.slowConcurrency();
    var known = ways.asMap();
    for (var way : known.values()) {
      if (way.isSlow()) slow -= way.underWay();
      else fast -= way.underWay();
    }
    int granted = 0;
    for (var entry : known.entrySet()) {
      var way = entry.getValue();
      int more = way.isShut() ? 0 : Math.max(0, settings.endpointConcurrency() - way.underWay());
      if (way.isSlow()) {
        more = Math.max(0, Math.min(more, slow - granted));
        granted += more;
      }
      if (more < settings.endpointConcurrency()) allowed.put(entry.getKey(), more);
    }
    return new Allowance(Math.max(0, fast) + granted, allowed);
  }

  Trip start(String endpoint) {
    var trip = new Trip(ways.get(endpoint, Way::new));
    trip.way.trips.add(trip);
    return trip;
  }

  /// A run on its way.
  final class Trip {
    private final Way way;
    private volatile long since = nanos.getAsLong();

    private Trip(Way way) {
      this.way = way;
    }

    void sending() {
      since = nanos.getAsLong();
    }

    void answered(boolean taken) {
      long took = nanos.getAsLong() - since;
      way.lastNanos = took;
      if (taken) way.breaker.onSuccess(took, TimeUnit.NANOSECONDS);
      else way.breaker.onError(took, TimeUnit.NANOSECONDS, new IllegalStateException("refused"));
    }

    void end() {
      way.trips.remove(this);
    }
  }

  private final class Way {
    private final CircuitBreaker breaker;
    private final Set<Trip> trips = ConcurrentHashMap.newKeySet();
    private volatile long lastNanos;

    Way(String endpoint) {
      breaker = CircuitBreaker.of(endpoint, BREAKER);
    }

    int underWay() {
      return trips.size();
    }

    boolean isShut() {
      return breaker.getState() == CircuitBreaker.State.OPEN;
    }

    boolean isSlow() {
      if (lastNanos > SLOW_NANOS) return true;
      long now = nanos.getAsLong();
      return trips.stream().anyMatch(trip -> now - trip.since > SLOW_NANOS);
    }
  }

  private static final CircuitBreakerConfig BREAKER =
      CircuitBreakerConfig.custom()
          .slidingWindowSize(50)
          .minimumNumberOfCalls(20)
          .failureRateThreshold(90)
          .waitDurationInOpenState(Duration.ofSeconds(30))
          .automaticTransitionFromOpenToHalfOpenEnabled(true)
          .build();
}
