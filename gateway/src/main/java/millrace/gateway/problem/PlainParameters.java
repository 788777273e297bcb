package millrace.gateway.problem;

import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.util.Arrays;
import org.springframework.stereotype.Component;
import org.springframework.web.servlet.HandlerInterceptor;

/// A NUL in a parameter is refused as one in a body is: PostgreSQL cannot look for it.
@Component
class PlainParameters implements HandlerInterceptor {
  @Override
  public boolean preHandle(
      HttpServletRequest request, HttpServletResponse response, Object handler) {
    if (request.getQueryString() == null) return true;
    request
        .getParameterMap()
        .forEach(
            (name, values) -> {
              if (Arrays.stream(values).anyMatch(value -> value.indexOf('\0') >= 0)) {
                throw Problem.of(ProblemCode.INVALID_REQUEST, "A parameter is not plain text.")
                    .about(name)
                    .asException();
              }
            });
    return true;
  }
}
