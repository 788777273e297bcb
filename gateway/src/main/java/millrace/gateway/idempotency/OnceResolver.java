package millrace.gateway.idempotency;

import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.util.Objects;
import java.util.Optional;
import millrace.gateway.problem.IdempotencyKey;
import org.jspecify.annotations.Nullable;
import org.springframework.core.MethodParameter;
import org.springframework.http.HttpHeaders;
import org.springframework.stereotype.Component;
import org.springframework.web.bind.support.WebDataBinderFactory;
import org.springframework.web.context.request.NativeWebRequest;
import org.springframework.web.method.support.HandlerMethodArgumentResolver;
import org.springframework.web.method.support.ModelAndViewContainer;

@Component
class OnceResolver implements HandlerMethodArgumentResolver {
  private static final String REPLAYED = "Idempotent-Replayed";

  private final Repeats repeats;

  OnceResolver(Repeats repeats) {
    this.repeats = repeats;
  }

  @Override
  public boolean supportsParameter(MethodParameter parameter) {
    return parameter.getParameterType() == Once.class;
  }

  @Override
  public Object resolveArgument(
      MethodParameter parameter,
      @Nullable ModelAndViewContainer container,
      NativeWebRequest web,
      @Nullable WebDataBinderFactory binderFactory) {
    var request = Objects.requireNonNull(web.getNativeRequest(HttpServletRequest.class));
    var response = Objects.requireNonNull(web.getNativeResponse(HttpServletResponse.class));
    return new Once(
        repeats,
        IdempotencyKey.of(request.getHeader("Idempotency-Key")),
        request.getMethod() + " " + request.getServletPath(),
        Optional.ofNullable(request.getHeader(HttpHeaders.AUTHORIZATION)).orElse(""),
        () -> response.setHeader(REPLAYED, "true"));
  }
}
