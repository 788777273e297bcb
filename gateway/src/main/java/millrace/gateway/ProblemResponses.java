package millrace.gateway;

import io.swagger.v3.oas.models.Operation;
import io.swagger.v3.oas.models.media.Content;
import io.swagger.v3.oas.models.media.MediaType;
import io.swagger.v3.oas.models.media.Schema;
import io.swagger.v3.oas.models.responses.ApiResponse;
import io.swagger.v3.oas.models.responses.ApiResponses;
import java.lang.annotation.Annotation;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Collectors;
import millrace.gateway.idempotency.Once;
import millrace.gateway.merchant.Scoped;
import millrace.gateway.problem.ProblemCode;
import millrace.gateway.problem.Problems;
import millrace.gateway.stream.StreamRequest;
import org.springdoc.core.customizers.OperationCustomizer;
import org.springframework.stereotype.Component;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.RequestBody;
import org.springframework.web.bind.annotation.RequestHeader;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.method.HandlerMethod;

/// Says of every operation how it can fail: from what its handler takes, and what it says itself.
@Component
class ProblemResponses implements OperationCustomizer {
  private static final String PROBLEM = "application/problem+json";

  /// Of whatever is asked by whomever.
  private static final Set<ProblemCode> ALWAYS =
      EnumSet.of(
          ProblemCode.UNKNOWN_VERSION,
          ProblemCode.MISSING_API_KEY,
          ProblemCode.INVALID_API_KEY,
          ProblemCode.NOT_ACCEPTABLE,
          ProblemCode.INTERNAL_ERROR,
          ProblemCode.OVERLOADED,
          ProblemCode.UNAVAILABLE);

  private static final Set<ProblemCode> OF_KEYS =
      EnumSet.of(
          ProblemCode.EXPIRED_API_KEY,
          ProblemCode.MISSING_SCOPE,
          ProblemCode.IP_NOT_ALLOWED,
          ProblemCode.TOO_MANY_REQUESTS);

  private static final Set<ProblemCode> OF_BODIES =
      EnumSet.of(
          ProblemCode.INVALID_REQUEST,
          ProblemCode.INVALID_JSON,
          ProblemCode.UNKNOWN_FIELD,
          ProblemCode.BODY_TOO_LARGE,
          ProblemCode.UNSUPPORTED_MEDIA_TYPE);

  private static final Set<ProblemCode> OF_REPEATS =
      EnumSet.of(
          ProblemCode.INVALID_REQUEST, ProblemCode.IN_FLIGHT, ProblemCode.IDEMPOTENCY_KEY_REUSED);

  @Override
  public Operation customize(Operation operation, HandlerMethod handler) {
    var byStatus =
        codes(handler).stream()
            .collect(Collectors.groupingBy(ProblemCode::status, TreeMap::new, Collectors.toList()));
    var responses = operation.getResponses();
    byStatus.forEach((status, codes) -> add(responses, status, codes));
    return operation;
  }

  private static Set<ProblemCode> codes(HandlerMethod handler) {
    var codes = EnumSet.copyOf(ALWAYS);
    if (takes(handler, Scoped.class)) codes.addAll(OF_KEYS);
    if (takes(handler, RequestParam.class) || takes(handler, RequestHeader.class)) {
      codes.add(ProblemCode.INVALID_REQUEST);
    }
    if (takes(handler, RequestBody.class)) codes.addAll(OF_BODIES);
    if (takes(handler, PathVariable.class)) codes.add(ProblemCode.NOT_FOUND);
    for (var parameter : handler.getMethodParameters()) {
      if (parameter.getParameterType() == Once.class) codes.addAll(OF_REPEATS);
      if (parameter.getParameterType() == StreamRequest.class) {
        codes.add(ProblemCode.INVALID_REQUEST);
      }
    }
    Optional.ofNullable(handler.getMethodAnnotation(Problems.class))
        .ifPresent(own -> codes.addAll(List.of(own.value())));
    return codes;
  }

  private static boolean takes(HandlerMethod handler, Class<? extends Annotation> marked) {
    return Arrays.stream(handler.getMethodParameters())
        .anyMatch(parameter -> parameter.hasParameterAnnotation(marked));
  }

  private static void add(ApiResponses responses, int status, List<ProblemCode> codes) {
    var said =
        codes.stream()
            .map(code -> "`" + code.slug() + "`: " + code.title())
            .collect(Collectors.joining(". ", "", "."));
    var known = responses.get("" + status);
    var described = Optional.ofNullable(known).map(ApiResponse::getDescription).orElse("");
    responses.addApiResponse(
        "" + status,
        new ApiResponse()
            .description(described.isEmpty() ? said : described + ". " + said)
            .content(
                new Content()
                    .addMediaType(
                        PROBLEM,
                        new MediaType()
                            .schema(new Schema<>().$ref("#/components/schemas/Problem"))
                            .example(example(codes.getFirst())))));
  }

  static Map<String, Object> example(ProblemCode code) {
    var example = new LinkedHashMap<String, Object>();
    example.put("type", "/problems/" + code.slug());
    example.put("title", code.title());
    example.put("status", code.status());
    example.put("detail", code.title() + ".");
    example.put("code", code.slug());
    example.put("request_id", "req_01jd3v9m2e8k4q7w5x0y6z1a2b");
    return example;
  }
}
