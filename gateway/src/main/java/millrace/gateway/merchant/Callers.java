package millrace.gateway.merchant;

import jakarta.servlet.http.HttpServletRequest;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.util.Optional;
import java.util.function.BooleanSupplier;
import millrace.gateway.problem.Problem;
import millrace.gateway.problem.ProblemCode;
import org.springframework.http.HttpHeaders;
import org.springframework.stereotype.Component;

/// Lets a request in, or ends it.
@Component
public class Callers {
  private static final String BEARER = "Bearer ";

  private final ApiKeys keys;
  private final byte[] operatorKey;

  Callers(ApiKeys keys, MerchantSettings settings) {
    this.keys = keys;
    this.operatorKey = settings.operatorKey().getBytes(StandardCharsets.UTF_8);
  }

  Operator operator(HttpServletRequest request) {
    byte[] token = token(request).getBytes(StandardCharsets.UTF_8);
    if (!MessageDigest.isEqual(token, operatorKey)) throw invalid();
    return new Operator();
  }

  /// Whoever asks, if their key allows it.
  public Caller caller(HttpServletRequest request, Scope scope) {
    var caller =
        Secret.of(token(request)).flatMap(keys::authenticate).orElseThrow(Callers::invalid);
    if (!caller.scopes().contains(scope)) {
      throw Problem.of(ProblemCode.MISSING_SCOPE, "This needs the scope " + scope.wire() + ".")
          .asException();
    }
    return caller;
  }

  /// For requests that take long: whether the key they came with still allows it.
  public BooleanSupplier standing(HttpServletRequest request, Scope scope) {
    var secret = Secret.of(token(request));
    return () ->
        secret
            .flatMap(keys::authenticate)
            .filter(caller -> caller.scopes().contains(scope))
            .isPresent();
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

  private static RuntimeException invalid() {
    return Problem.of(ProblemCode.INVALID_API_KEY, "The API key is unknown or revoked.")
        .asException();
  }
}
