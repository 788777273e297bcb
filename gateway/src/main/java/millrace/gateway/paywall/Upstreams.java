package millrace.gateway.paywall;

import io.github.resilience4j.bulkhead.Bulkhead;
import io.github.resilience4j.bulkhead.BulkheadConfig;
import io.github.resilience4j.circuitbreaker.CircuitBreaker;
import io.github.resilience4j.circuitbreaker.CircuitBreakerConfig;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import millrace.gateway.outbound.OutboundAnswer;
import millrace.gateway.outbound.OutboundCall;
import millrace.gateway.outbound.OutboundClient;
import millrace.gateway.outbound.OutboundException;
import millrace.gateway.outbound.OutboundException.Kind;
import millrace.gateway.route.RouteId;
import millrace.gateway.route.Routes;

/// Calls upstreams, each behind a bulkhead and a breaker of its own, so that a slow or dead one
/// holds up nobody else. Only silence opens the breaker: if error statuses did, one client could
/// close a route for all others.
final class Upstreams {
  private static final int PRUNE_AT = 4_096;

  private final OutboundClient client;
  private final Routes routes;
  private final PaywallSettings settings;
  private final Map<RouteId, Guards> guards = new ConcurrentHashMap<>();

  Upstreams(OutboundClient client, Routes routes, PaywallSettings settings) {
    this.client = client;
    this.routes = routes;
    this.settings = settings;
  }

  /// Asked before any money moves: empty when the upstream could not be called now.
  Optional<Permit> enter(RouteId route) {
    if (guards.size() >= PRUNE_AT) guards.keySet().removeIf(id -> routes.find(id).isEmpty());
    var guard = guards.computeIfAbsent(route, this::guards);
    if (!guard.bulkhead.tryAcquirePermission()) return Optional.empty();
    if (!guard.breaker.tryAcquirePermission()) {
      guard.bulkhead.onComplete();
      return Optional.empty();
    }
    return Optional.of(new Permit(guard));
  }

  /// Whether the upstream was silent lately: no time to lock money up for it.
  boolean isShut(RouteId route) {
    var guard = guards.get(route);
    return guard != null && guard.breaker.getState() == CircuitBreaker.State.OPEN;
  }

  private Guards guards(RouteId route) {
    return new Guards(
        Bulkhead.of(
            route.value(),
            BulkheadConfig.custom()
                .maxConcurrentCalls(settings.concurrency())
                .maxWaitDuration(Duration.ZERO)
                .build()),
        CircuitBreaker.of(
            route.value(),
            CircuitBreakerConfig.custom()
                .slidingWindowSize(20)
                .minimumNumberOfCalls(10)
                .failureRateThreshold(50)
                .waitDurationInOpenState(Duration.ofSeconds(5))
                .permittedNumberOfCallsInHalfOpenState(3)
                .build()));
  }

  private record Guards(Bulkhead bulkhead, CircuitBreaker breaker) {}

  /// The right to call an upstream once.
  final class Permit implements AutoCloseable {
    private final Guards guards;
    private boolean called;

    private Permit(Guards guards) {
      this.guards = guards;
    }

    OutboundAnswer call(OutboundCall call) throws OutboundException {
      called = true;
      long start = System.nanoTime();
      try {
        var answer = client.send(call);
        guards.breaker.onSuccess(System.nanoTime() - start, TimeUnit.NANOSECONDS);
        return answer;
      } catch (OutboundException failure) {
        if (failure.kind() == Kind.UNREACHABLE || failure.kind() == Kind.TIMEOUT) {
          guards.breaker.onError(System.nanoTime() - start, TimeUnit.NANOSECONDS, failure);
        } else {
          guards.breaker.releasePermission();
        }
        throw failure;
      } catch (RuntimeException bug) {
        guards.breaker.releasePermission();
        throw bug;
      }
    }

    @Override
    public void close() {
      if (!called) guards.breaker.releasePermission();
      guards.bulkhead.onComplete();
    }
  }
}
