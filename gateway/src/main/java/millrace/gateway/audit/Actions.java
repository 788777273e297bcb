package millrace.gateway.audit;

import io.swagger.v3.oas.annotations.Operation;
import java.util.Optional;
import millrace.gateway.problem.Problem;
import millrace.gateway.problem.ProblemCode;
import org.jspecify.annotations.Nullable;
import org.springframework.beans.factory.annotation.Qualifier;
import org.springframework.stereotype.Component;
import org.springframework.web.bind.annotation.RequestMethod;
import org.springframework.web.method.HandlerMethod;
import org.springframework.web.servlet.mvc.method.annotation.RequestMappingHandlerMapping;

/// What can be done to be noted: the operations of the API that change something, as it is
/// described.
@Component
public class Actions {
  private final RequestMappingHandlerMapping handlers;

  Actions(@Qualifier("requestMappingHandlerMapping") RequestMappingHandlerMapping handlers) {
    this.handlers = handlers;
  }

  static Optional<String> name(HandlerMethod handler) {
    return Optional.ofNullable(handler.getMethodAnnotation(Operation.class))
        .map(Operation::operationId);
  }

  /// One that a list is narrowed to.
  ///
  /// @param text null where nobody asked
  public Optional<String> wanted(String field, @Nullable String text) {
    if (text == null || isOne(text)) return Optional.ofNullable(text);
    throw Problem.of(
            ProblemCode.INVALID_REQUEST,
            field + " is the operationId of what changes something, such as createRoute.")
        .about(field)
        .asException();
  }

  private boolean isOne(String text) {
    return handlers.getHandlerMethods().entrySet().stream()
        .filter(it -> !it.getKey().getMethodsCondition().getMethods().contains(RequestMethod.GET))
        .anyMatch(it -> name(it.getValue()).filter(text::equals).isPresent());
  }
}
