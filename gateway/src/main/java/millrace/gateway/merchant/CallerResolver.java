package millrace.gateway.merchant;

import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.springframework.core.MethodParameter;
import org.springframework.stereotype.Component;
import org.springframework.web.bind.support.WebDataBinderFactory;
import org.springframework.web.context.request.NativeWebRequest;
import org.springframework.web.method.support.HandlerMethodArgumentResolver;
import org.springframework.web.method.support.ModelAndViewContainer;

/// Handlers name their [Caller] or [Operator] first, so that nobody learns from errors of the body
/// what a key would have allowed.
@Component
class CallerResolver implements HandlerMethodArgumentResolver {
  private final Callers callers;

  CallerResolver(Callers callers) {
    this.callers = callers;
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
      NativeWebRequest web,
      @Nullable WebDataBinderFactory binderFactory) {
    var request = Objects.requireNonNull(web.getNativeRequest(HttpServletRequest.class));
    var scoped = parameter.getParameterAnnotation(Scoped.class);
    if (scoped == null) return callers.operator(request);
    var response = Objects.requireNonNull(web.getNativeResponse(HttpServletResponse.class));
    return callers.caller(request, response, scoped.value());
  }
}
