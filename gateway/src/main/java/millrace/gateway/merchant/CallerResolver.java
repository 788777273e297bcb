package millrace.gateway.merchant;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.util.Optional;
import millrace.gateway.problem.Problem;
import millrace.gateway.problem.ProblemCode;
import org.jspecify.annotations.Nullable;
import org.springframework.core.MethodParameter;
import org.springframework.http.HttpHeaders;
import org.springframework.stereotype.Component;
import org.springframework.web.bind.support.WebDataBinderFactory;
import org.springframework.web.context.request.NativeWebRequest;
import org.springframework.web.method.support.HandlerMethodArgumentResolver;
import org.springframework.web.method.support.ModelAndViewContainer;

/// Lets a request in, or ends it. Handlers name their [Caller] or [Operator] first, so that nobody
/// learns from errors of the body what a key would have allowed.
@Component
class CallerResolver implements HandlerMethodArgumentResolver {
  private static final String BEARER = "Bearer ";

  private final ApiKeys keys;
  private final byte[] operatorKey;

  CallerResolver(ApiKeys keys, MerchantSettings settings) {
    this.keys = keys;
    this.operatorKey = settings.operatorKey().getBytes(StandardCharsets.UTF_8);
  }

  @Override
  public boolean supportsParameter(MethodParameter parameter) {
    return parameter.getParameterType() == Operator.class
        || (parameter.getParameterType() == Caller.class
            && parameter.hasParameterAnnotation(Scoped.class));
  }

  @Override
  public Object resolveArgument(
      MethodParameter parameter,
      @Nullable ModelAndViewContainer container,
      NativeWebRequest request,
      @Nullable WebDataBinderFactory binderFactory) {
    var token = token(request);
    var scoped = parameter.getParameterAnnotation(Scoped.class);
    return scoped == null ? operator(token) : caller(token, scoped.value());
  }

  private Operator operator(String token) {
    if (!MessageDigest.isEqual(token.getBytes(StandardCharsets.UTF_8), operatorKey)) {
      throw invalid();
    }
    return new Operator();
  }

  private Caller caller(String token, Scope scope) {
    var caller = Secret.of(token).flatMap(keys::authenticate).orElseThrow(CallerResolver::invalid);
    if (!caller.scopes().contains(scope)) {
      throw Problem.of(ProblemCode.MISSING_SCOPE, "This needs the scope " + scope.wire() + ".")
          .asException();
    }
    return caller;
  }

  private static String token(NativeWebRequest request) {
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
