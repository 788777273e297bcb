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
import millrace.gateway.admission.RequestRate;
import millrace.gateway.outbound.OutboundAnswer;
import millrace.gateway.outbound.OutboundCall;
import millrace.gateway.outbound.OutboundClient;
import millrace.gateway.outbound.OutboundException;
import millrace.gateway.outbound.OutboundException.Kind;
import millrace.gateway.problem.Problem;
import millrace.gateway.problem.ProblemCode;
import millrace.gateway.route.Route;
import millrace.gateway.route.RouteId;
import millrace.gateway.route.RouteLimits;
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

  /// Asked before any money moves: empty when the upstream could not be called now. Who comes more
  /// often than the merchant allows is told when to come again.
  Optional<Permit> enter(Route route) {
    if (guards.size() >= PRUNE_AT) guards.keySet().removeIf(id -> routes.find(id).isEmpty());
    var guard =
        guards.compute(
            route.id(),
            (_, known) ->
                known != null && known.limits.equals(route.limits()) ? known : guards(route));
    guard.rate.ifPresent(Upstreams::count);
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

  private static void count(RequestRate rate) {
    var taken = rate.take(System.nanoTime());
    if (taken.granted()) return;
    throw Problem.of(ProblemCode.TOO_MANY_REQUESTS, "The resource is sold no faster.")
        .retryAfter(taken.pause())
        .asException();
  }

  private int concurrency(RouteLimits limits) {
    return Math.min(settings.concurrency(), limits.concurrency().orElse(settings.concurrency()));
  }

  private Guards guards(Route route) {
    var name = route.id().value();
    var limits = route.limits();
    return new Guards(
        limits,
        limits
            .requestsPerSecond()
            .map(most -> new RequestRate(most, Duration.ofSeconds(1), System.nanoTime())),
        Bulkhead.of(
            name,
            BulkheadConfig.custom()
                .maxConcurrentCalls(concurrency(limits))
                .maxWaitDuration(Duration.ZERO)
                .build()),
        CircuitBreaker.of(
            name,
            CircuitBreakerConfig.custom()
                .slidingWindowSize(20)
                .minimumNumberOfCalls(10)
                .failureRateThreshold(50)
                .waitDurationInOpenState(Duration.ofSeconds(5))
                .permittedNumberOfCallsInHalfOpenState(3)
                .build()));
  }

  private record Guards(
      RouteLimits limits, Optional<RequestRate> rate, Bulkhead bulkhead, CircuitBreaker breaker) {}

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
