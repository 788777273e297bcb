package millrace.gateway.audit;

import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import millrace.gateway.tenancy.Tenancy;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.dao.DataAccessException;
import org.springframework.stereotype.Component;
import org.springframework.transaction.TransactionException;
import org.springframework.web.servlet.HandlerInterceptor;
import org.springframework.web.servlet.HandlerMapping;

/// Notes what was done elsewhere, once that has answered: payouts, for example. It cannot be in one
/// transaction with the effect, which has a journal of its own where it is.
@Component
class AuditInterceptor implements HandlerInterceptor {
  private static final Logger LOG = LoggerFactory.getLogger(AuditInterceptor.class);

  /// Payments are what payers did; the journal has each. Requirements change nothing.
  private static final Set<String> NOT_NOTED =
      Set.of("/v1/payments", "/v1/payments/batch", "/v1/payment_requirements");

  /// What was done is in the log since it was.
  private static final String REPLAYED = "Idempotent-Replayed";

  private final AuditLog log;

  AuditInterceptor(AuditLog log) {
    this.log = log;
  }

  @Override
  public void afterCompletion(
      HttpServletRequest request,
      HttpServletResponse response,
      Object handler,
      @Nullable Exception failure) {
    if (request.getMethod().equals("GET") || request.getMethod().equals("HEAD")) return;
    if (response.getStatus() >= 400 || !AuditLog.hasActor(request)) return;
    if (response.getHeader(REPLAYED) != null) return;
    if (AuditLog.isNoted(request) || NOT_NOTED.contains(request.getServletPath())) return;
    try {
      log.note(Tenancy.merchantOfThread(), object(request));
    } catch (DataAccessException | TransactionException away) {
      LOG.error("the audit log misses {}: {}", request.getServletPath(), away.toString());
    }
  }

  private static Optional<String> object(HttpServletRequest request) {
    return request.getAttribute(HandlerMapping.URI_TEMPLATE_VARIABLES_ATTRIBUTE)
            instanceof Map<?, ?> variables
        ? Optional.ofNullable(variables.get("id")).map(String::valueOf)
        : Optional.empty();
  }
}
