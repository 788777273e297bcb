package millrace.gateway.admission;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Tags;
import jakarta.servlet.FilterChain;
import jakarta.servlet.ServletException;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.Semaphore;
import millrace.gateway.problem.BodyLimitFilter;
import millrace.gateway.problem.Problem;
import millrace.gateway.problem.ProblemCode;
import millrace.gateway.problem.ProblemWriter;
import millrace.protocol.x402.Headers;
import org.springframework.core.Ordered;
import org.springframework.core.annotation.Order;
import org.springframework.stereotype.Component;
import org.springframework.web.filter.OncePerRequestFilter;

/// Sends requests away while there are as many as can be served in time: an early no is cheap, and
/// those inside keep their pace. Nobody has looked at the request by then, and its body is here, so
/// a slow client takes no place.
@Component
@Order(Ordered.HIGHEST_PRECEDENCE + 3)
class AdmissionFilter extends OncePerRequestFilter {
  private static final Problem FULL =
      Problem.of(
              ProblemCode.OVERLOADED,
              "Too much is asked for at once; this request changed nothing.")
          .retryAfter(Duration.ofSeconds(1));

  private final Places requests;
  private final Places paidRequests;
  private final ProblemWriter writer;

  AdmissionFilter(AdmissionSettings settings, ProblemWriter writer, MeterRegistry metrics) {
    this.requests = Places.of(settings.requests(), "api", metrics);
    this.paidRequests = Places.of(settings.paidRequests(), "paywall", metrics);
    this.writer = writer;
  }

  @Override
  protected void doFilterInternal(
      HttpServletRequest request, HttpServletResponse response, FilterChain chain)
      throws ServletException, IOException {
    var places = places(request);
    if (places.isEmpty()) {
      chain.doFilter(request, response);
    } else if (places.get().free().tryAcquire()) {
      try {
        chain.doFilter(request, response);
      } finally {
        places.get().free().release();
      }
    } else {
      places.get().refused().increment();
      writer.write(request, response, FULL);
    }
  }

  private Optional<Places> places(HttpServletRequest request) {
    var path = request.getServletPath();
    if (path.startsWith("/v1/")) {
      return BodyLimitFilter.leavesTheBody(request) ? Optional.empty() : Optional.of(requests);
    }
    boolean sells = path.equals("/x") || path.equals("/pay");
    return sells && isPaid(request) && !hasBody(request)
        ? Optional.of(paidRequests)
        : Optional.empty();
  }

  private static boolean isPaid(HttpServletRequest request) {
    return request.getHeader(Headers.PAYMENT_SIGNATURE) != null;
  }

  /// A body for an upstream has not been read yet, and may come slowly. Such requests are counted
  /// by their route, once it is here.
  private static boolean hasBody(HttpServletRequest request) {
    return request.getContentLengthLong() > 0 || request.getHeader("Transfer-Encoding") != null;
  }

  private record Places(Semaphore free, Counter refused) {
    static Places of(int limit, String surface, MeterRegistry metrics) {
      var free = new Semaphore(limit);
      metrics.gauge(
          "millrace.gateway.in_flight",
          Tags.of("surface", surface),
          free,
          places -> limit - places.availablePermits());
      return new Places(free, metrics.counter("millrace.gateway.shed", "surface", surface));
    }
  }
}
