package millrace.gateway.merchant;

import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.time.Clock;
import java.util.Optional;
import java.util.function.BooleanSupplier;
import millrace.gateway.admission.RequestRate;
import millrace.gateway.audit.AuditLog;
import millrace.gateway.problem.Problem;
import millrace.gateway.problem.ProblemCode;
import millrace.gateway.tenancy.Tenancy;
import org.springframework.http.HttpHeaders;
import org.springframework.stereotype.Component;

/// Lets a request in, or ends it.
@Component
public class Callers {
  private static final String BEARER = "Bearer ";

  private final ApiKeys keys;
  private final Clock clock;
  private final LiveMode mode;
  private final byte[] operatorKey;

  Callers(ApiKeys keys, Clock clock, LiveMode mode, MerchantSettings settings) {
    this.keys = keys;
    this.mode = mode;
    this.clock = clock;
    this.operatorKey = settings.operatorKey().getBytes(StandardCharsets.UTF_8);
  }

  Operator operator(HttpServletRequest request) {
    byte[] token = token(request).getBytes(StandardCharsets.UTF_8);
    if (!MessageDigest.isEqual(token, operatorKey)) throw invalid();
    Tenancy.actForOperator();
    AuditLog.actor(request, "operator");
    return new Operator();
  }

  /// Whoever asks, if their key allows it.
  public Caller caller(HttpServletRequest request, HttpServletResponse response, Scope scope) {
    var secret = Secret.of(token(request)).orElseThrow(Callers::invalid);
    if (secret.live() != mode.live()) throw otherMode();
    var key = keys.authenticate(secret).orElseThrow(Callers::invalid);
    if (key.expiredAt(clock.instant())) {
      throw Problem.of(ProblemCode.EXPIRED_API_KEY, "The API key, or this secret of it, has ended.")
          .asException();
    }
    if (!key.usableFrom(request.getRemoteAddr())) {
      throw Problem.of(
              ProblemCode.IP_NOT_ALLOWED, "The key's allowed_ips do not include this address.")
          .asException();
    }
    count(key.rate(), response);
    var caller = key.caller();
    if (!caller.scopes().contains(scope)) {
      throw Problem.of(ProblemCode.MISSING_SCOPE, "This needs the scope " + scope.wire() + ".")
          .asException();
    }
    Tenancy.actFor(caller.merchant());
    AuditLog.actor(request, caller.keyId());
    return caller;
  }

  /// For requests that take long: whether the key they came with still allows it.
  public BooleanSupplier standing(HttpServletRequest request, Scope scope) {
    var secret = Secret.of(token(request));
    var address = request.getRemoteAddr();
    return () ->
        secret
            .flatMap(keys::authenticate)
            .filter(key -> !key.expiredAt(clock.instant()) && key.usableFrom(address))
            .filter(key -> key.caller().scopes().contains(scope))
            .isPresent();
  }

  private static void count(RequestRate rate, HttpServletResponse response) {
    var taken = rate.take(System.nanoTime());
    response.setHeader("RateLimit-Policy", rate.policy());
    response.setHeader("RateLimit", taken.header());
    if (taken.granted()) return;
    throw Problem.of(
            ProblemCode.TOO_MANY_REQUESTS, "The key has made its " + rate.limit() + " requests.")
        .retryAfter(taken.pause())
        .asException();
  }

  private static String token(HttpServletRequest request) {
    return Optional.ofNullable(request.getHeader(HttpHeaders.AUTHORIZATION))
        .filter(header -> header.regionMatches(true, 0, BEARER, 0, BEARER.length()))
        .map(header -> header.substring(BEARER.length()).trim())
        .orElseThrow(
            () ->
                Problem.of(ProblemCode.MISSING_API_KEY, "Send Authorization: Bearer <API key>.")
                    .asException());
  }

  private RuntimeException otherMode() {
    return Problem.of(
            ProblemCode.INVALID_API_KEY,
            mode.live() ? "Test keys are for dev chains." : "Live keys are not for dev chains.")
        .asException();
  }

  private static RuntimeException invalid() {
    return Problem.of(ProblemCode.INVALID_API_KEY, "The API key is unknown or revoked.")
        .asException();
  }
}
