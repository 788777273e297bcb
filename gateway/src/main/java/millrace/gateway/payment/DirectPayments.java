package millrace.gateway.payment;

import jakarta.servlet.FilterChain;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import millrace.gateway.merchant.Callers;
import millrace.gateway.merchant.Scope;
import millrace.gateway.payment.PaymentBodies.PaymentRequest;
import millrace.gateway.payment.Taking.Result;
import millrace.gateway.problem.IdempotencyKey;
import org.jspecify.annotations.Nullable;
import org.springframework.core.Ordered;
import org.springframework.core.annotation.Order;
import org.springframework.http.HttpHeaders;
import org.springframework.http.MediaType;
import org.springframework.web.filter.OncePerRequestFilter;
import org.springframework.web.filter.ServerHttpObservationFilter;
import org.springframework.web.servlet.HandlerExceptionResolver;
import tools.jackson.databind.json.JsonMapper;

/// `POST /v1/payments` in the form that every client sends it, past the web framework, which costs
/// more than the payment. Requests in another form go on to it, and it words what is wrong with
/// any: [PaymentController] stays the description of the operation.
@Order(Ordered.HIGHEST_PRECEDENCE + 4)
final class DirectPayments extends OncePerRequestFilter {
  private static final String PATH = "/v1/payments";

  private final Callers callers;
  private final Taking taking;
  private final BodyReader<PaymentRequest> bodies;
  private final JsonMapper json;
  private final HandlerExceptionResolver faults;

  DirectPayments(
      Callers callers,
      Taking taking,
      BodyReader<PaymentRequest> bodies,
      JsonMapper json,
      HandlerExceptionResolver faults) {
    this.callers = callers;
    this.taking = taking;
    this.bodies = bodies;
    this.json = json;
    this.faults = faults;
  }

  @Override
  protected boolean shouldNotFilter(HttpServletRequest request) {
    return !request.getMethod().equals("POST")
        || !request.getServletPath().equals(PATH)
        || !isJson(request.getContentType())
        || !acceptsJson(request.getHeader(HttpHeaders.ACCEPT));
  }

  private static boolean isJson(@Nullable String contentType) {
    return contentType != null
        && (contentType.equals(MediaType.APPLICATION_JSON_VALUE)
            || contentType.equalsIgnoreCase("application/json; charset=utf-8")
            || contentType.equalsIgnoreCase("application/json;charset=utf-8"));
  }

  private static boolean acceptsJson(@Nullable String accept) {
    return accept == null
        || accept.equals(MediaType.ALL_VALUE)
        || accept.equals(MediaType.APPLICATION_JSON_VALUE);
  }

  @Override
  protected void doFilterInternal(
      HttpServletRequest request, HttpServletResponse response, FilterChain chain)
      throws IOException {
    ServerHttpObservationFilter.findObservationContext(request)
        .ifPresent(observed -> observed.setPathPattern(PATH));
    try {
      answer(request, response);
    } catch (RuntimeException fault) {
      if (faults.resolveException(request, response, null, fault) == null) throw fault;
    }
  }

  private void answer(HttpServletRequest request, HttpServletResponse response) throws IOException {
    var caller = callers.caller(request, response, Scope.PAYMENTS_WRITE);
    byte[] bytes = request.getInputStream().readAllBytes();
    var body = bodies.read(bytes, 0, bytes.length);
    var key = IdempotencyKey.of(request.getHeader("Idempotency-Key"));
    switch (taking.take(caller.merchant(), key, body)) {
      case Result.Paid paid -> write(response, paid.status(), paid.body());
      case Result.PaidBack(var refund) -> write(response, HttpServletResponse.SC_OK, refund);
    }
  }

  private void write(HttpServletResponse response, int status, Object body) throws IOException {
    byte[] bytes = json.writeValueAsBytes(body);
    response.setStatus(status);
    response.setContentType(MediaType.APPLICATION_JSON_VALUE);
    response.setContentLength(bytes.length);
    response.getOutputStream().write(bytes);
  }
}
