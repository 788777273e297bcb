package millrace.gateway.problem;

import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.util.Arrays;
import java.util.Collection;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import org.springframework.core.MethodParameter;
import org.springframework.stereotype.Component;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.method.HandlerMethod;
import org.springframework.web.servlet.HandlerInterceptor;

/// Lets only those parameters by that the handler knows, each once and with a value. A filter that
/// is misspelt, or left empty by a script, would otherwise be a list or an export of everything. A
/// NUL is refused as one in a body is: PostgreSQL cannot look for it.
@Component
class KnownParameters implements HandlerInterceptor {
  private static final String OURS = "millrace.gateway";

  /// By handler: whether each may come several times.
  private final Map<HandlerMethod, Map<String, Boolean>> known = new ConcurrentHashMap<>();

  @Override
  public boolean preHandle(
      HttpServletRequest request, HttpServletResponse response, Object handler) {
    if (request.getQueryString() == null
        || !(handler instanceof HandlerMethod method)
        || !method.getBeanType().getName().startsWith(OURS)) {
      return true;
    }
    var parameters = known.computeIfAbsent(method, KnownParameters::of);
    // In the order of the names, so that equal requests get equal answers.
    new TreeMap<>(request.getParameterMap())
        .forEach((name, values) -> check(name, values, parameters));
    return true;
  }

  private static void check(String name, String[] values, Map<String, Boolean> known) {
    var several = known.get(name);
    if (several == null) throw wrong(name, unknown(name, known.keySet()));
    if (values.length > 1 && !several) throw wrong(name, name + " may be given once.");
    if (Arrays.stream(values).anyMatch(value -> value.indexOf('\0') >= 0)) {
      throw wrong(name, "A parameter is not plain text.");
    }
    if (Arrays.stream(values).anyMatch(String::isBlank)) {
      throw wrong(name, name + " has no value. Leave it out, or say which.");
    }
  }

  private static String unknown(String name, Collection<String> known) {
    return known.isEmpty()
        ? "No parameter is known here."
        : "No parameter is called " + name + " here; there are " + String.join(", ", known) + ".";
  }

  private static Map<String, Boolean> of(HandlerMethod handler) {
    var names = new TreeMap<String, Boolean>();
    for (var parameter : handler.getMethodParameters()) {
      var read = parameter.getParameterType().getAnnotation(QueryParameters.class);
      if (read != null) Arrays.stream(read.value()).forEach(name -> names.put(name, false));
      var named = parameter.getParameterAnnotation(RequestParam.class);
      if (named != null) names.put(name(named, parameter), isSeveral(parameter));
    }
    return names;
  }

  private static String name(RequestParam named, MethodParameter parameter) {
    return named.name().isEmpty() ? parameter.getParameter().getName() : named.name();
  }

  private static boolean isSeveral(MethodParameter parameter) {
    return Collection.class.isAssignableFrom(parameter.getParameterType());
  }

  private static RuntimeException wrong(String name, String why) {
    return Problem.of(ProblemCode.INVALID_REQUEST, why).about(name).asException();
  }
}
