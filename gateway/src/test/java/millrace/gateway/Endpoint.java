package millrace.gateway;

import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import millrace.gateway.merchant.Scope;
import millrace.gateway.merchant.Scoped;
import org.springframework.web.bind.annotation.RestController;
import org.springframework.web.method.HandlerMethod;
import org.springframework.web.servlet.mvc.method.RequestMappingInfo;
import org.springframework.web.servlet.mvc.method.annotation.RequestMappingHandlerMapping;

/// One operation of the merchant API, as the running gateway has it.
///
/// @param scope what a key must have; empty for the operator's
/// @param contentType what it takes
record Endpoint(String method, String path, Optional<Scope> scope, String contentType) {

  /// All there are, also those that nobody wrote down anywhere.
  static List<Endpoint> of(GatewayFixture gateway) {
    return gateway
        .context
        .getBean("requestMappingHandlerMapping", RequestMappingHandlerMapping.class)
        .getHandlerMethods()
        .entrySet()
        .stream()
        .filter(entry -> isOurs(entry.getValue()))
        .flatMap(entry -> of(entry.getKey(), entry.getValue()))
        .sorted(Comparator.comparing(Endpoint::path).thenComparing(Endpoint::method))
        .toList();
  }

  private static boolean isOurs(HandlerMethod handler) {
    return handler.getBeanType().getPackageName().startsWith("millrace.gateway")
        && handler.getBeanType().isAnnotationPresent(RestController.class);
  }

  private static Stream<Endpoint> of(RequestMappingInfo mapping, HandlerMethod handler) {
    var scope =
        Arrays.stream(handler.getMethodParameters())
            .flatMap(parameter -> Stream.ofNullable(parameter.getParameterAnnotation(Scoped.class)))
            .map(Scoped::value)
            .findFirst();
    var type =
        mapping.getConsumesCondition().getConsumableMediaTypes().stream()
            .findFirst()
            .map(Object::toString)
            .orElse("application/json");
    return mapping.getMethodsCondition().getMethods().stream()
        .flatMap(
            method ->
                mapping.getPatternValues().stream()
                    .map(path -> new Endpoint(method.name(), path, scope, type)));
  }

  boolean isOfTheOperator() {
    return scope.isEmpty();
  }

  boolean namesAnObject() {
    return path.contains("{");
  }

  /// The part of the path that names the object whose owner counts.
  String object() {
    return path.substring(0, path.indexOf('}') + 1);
  }

  /// The path to that object; what else there is in it names nothing.
  String pathTo(String id) {
    return path.replaceFirst("\\{[^}]+}", id).replaceAll("\\{[^}]+}", "evt_" + "0".repeat(26));
  }

  @Override
  public String toString() {
    return method + " " + path;
  }
}
