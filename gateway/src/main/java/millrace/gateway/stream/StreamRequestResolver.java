package millrace.gateway.stream;

import jakarta.servlet.http.HttpServletRequest;
import java.util.Objects;
import millrace.gateway.merchant.Callers;
import org.jspecify.annotations.Nullable;
import org.springframework.core.MethodParameter;
import org.springframework.stereotype.Component;
import org.springframework.web.bind.support.WebDataBinderFactory;
import org.springframework.web.context.request.NativeWebRequest;
import org.springframework.web.method.support.HandlerMethodArgumentResolver;
import org.springframework.web.method.support.ModelAndViewContainer;

@Component
class StreamRequestResolver implements HandlerMethodArgumentResolver {
  private final Callers callers;

  StreamRequestResolver(Callers callers) {
    this.callers = callers;
  }

  @Override
  public boolean supportsParameter(MethodParameter parameter) {
    return parameter.getParameterType() == StreamRequest.class;
  }

  @Override
  public Object resolveArgument(
      MethodParameter parameter,
      @Nullable ModelAndViewContainer container,
      NativeWebRequest web,
      @Nullable WebDataBinderFactory binderFactory) {
    var request = Objects.requireNonNull(web.getNativeRequest(HttpServletRequest.class));
    var after =
        Cursors.read(request.getHeader(Cursors.HEADER), request.getParameter(Cursors.PARAMETER));
    return new StreamRequest(request, callers, after);
  }
}
