package millrace.gateway;

import io.swagger.v3.oas.models.Components;
import io.swagger.v3.oas.models.OpenAPI;
import io.swagger.v3.oas.models.info.Info;
import io.swagger.v3.oas.models.media.Content;
import io.swagger.v3.oas.models.media.IntegerSchema;
import io.swagger.v3.oas.models.media.MapSchema;
import io.swagger.v3.oas.models.media.MediaType;
import io.swagger.v3.oas.models.media.ObjectSchema;
import io.swagger.v3.oas.models.media.Schema;
import io.swagger.v3.oas.models.media.StringSchema;
import io.swagger.v3.oas.models.parameters.HeaderParameter;
import io.swagger.v3.oas.models.parameters.QueryParameter;
import io.swagger.v3.oas.models.responses.ApiResponse;
import io.swagger.v3.oas.models.security.SecurityRequirement;
import io.swagger.v3.oas.models.security.SecurityScheme;
import io.swagger.v3.oas.models.servers.Server;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import millrace.gateway.idempotency.Once;
import millrace.gateway.merchant.Caller;
import millrace.gateway.merchant.Operator;
import millrace.gateway.metadata.Metadata;
import millrace.gateway.problem.ProblemCode;
import millrace.gateway.problem.VersionFilter;
import millrace.gateway.stream.StreamRequest;
import org.springdoc.core.customizers.OpenApiCustomizer;
import org.springdoc.core.customizers.OperationCustomizer;
import org.springdoc.core.utils.SpringDocUtils;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.web.method.HandlerMethod;

/// The description of the merchant API, as far as it is not said where the handlers are.
@Configuration(proxyBeanMethods = false)
class OpenApiConfiguration {
  private static final String BEARER = "bearer";

  static {
    // springdoc keeps this list for the whole JVM; what it says holds for any of them.
    SpringDocUtils.getConfig()
        .replaceWithSchema(
            Metadata.class,
            new MapSchema()
                .additionalProperties(new StringSchema())
                .description(
                    "Your own notes: up to 20 keys of up to 40 characters, texts of up to 500")
                .example(Map.of("order", "4711")))
        .addRequestWrapperToIgnore(Caller.class, Operator.class, Once.class, StreamRequest.class);
  }

  @Bean
  OpenAPI openApi() {
    return new OpenAPI()
        .info(
            new Info()
                .title("Millrace merchant API")
                .version("v1")
                .description(
                    "Amounts are decimal strings in base units of the token. Errors are"
                        + " application/problem+json; their code is for programs. Every answer"
                        + " has a Request-Id, and says by RateLimit what its key has left."
                        + " Millrace-Version chooses a version of the API; without it the newest,"
                        + " "
                        + VersionFilter.NEWEST
                        + ", answers. Paywalled routes are at /x/{route}/** and speak"
                        + " x402."))
        .servers(List.of(new Server().url("/")))
        .addSecurityItem(new SecurityRequirement().addList(BEARER))
        .components(
            new Components()
                .addSecuritySchemes(
                    BEARER, new SecurityScheme().type(SecurityScheme.Type.HTTP).scheme("bearer"))
                .addSchemas("Problem", problem()));
  }

  private static boolean takes(HandlerMethod handler, Class<?> type) {
    return Arrays.stream(handler.getMethodParameters())
        .anyMatch(parameter -> parameter.getParameterType() == type);
  }

  /// Handlers that take a [StreamRequest] begin where the client was.
  @Bean
  OperationCustomizer cursors() {
    return (operation, handler) -> {
      if (!takes(handler, StreamRequest.class)) return operation;
      return operation
          .addParametersItem(new QueryParameter().name("after").schema(new StringSchema()))
          .addParametersItem(
              new HeaderParameter().name("Last-Event-ID").schema(new StringSchema()));
    };
  }

  /// Handlers that take a [Once] can be repeated safely.
  @Bean
  OperationCustomizer idempotencyKeys() {
    return (operation, handler) -> {
      if (!takes(handler, Once.class)) return operation;
      return operation.addParametersItem(
          new HeaderParameter()
              .name("Idempotency-Key")
              .description(
                  "A repeat under the same key gets the same answer for 30 days, and changes"
                      + " nothing.")
              .schema(new StringSchema()));
    };
  }

  /// Every operation can end in a problem.
  @Bean
  OpenApiCustomizer problems() {
    var content =
        new Content()
            .addMediaType(
                "application/problem+json",
                new MediaType()
                    .schema(new Schema<>().$ref("#/components/schemas/Problem"))
                    .example(ProblemResponses.example(ProblemCode.INTERNAL_ERROR)));
    return api ->
        api.getPaths()
            .values()
            .forEach(
                path ->
                    path.readOperations()
                        .forEach(
                            operation ->
                                operation
                                    .getResponses()
                                    .addApiResponse(
                                        "default",
                                        new ApiResponse()
                                            .description("A problem")
                                            .content(content))));
  }

  private static Schema<?> problem() {
    Schema<?> problem = new ObjectSchema();
    for (var name : List.of("type", "title", "detail", "code", "param", "request_id")) {
      problem.addProperty(name, new StringSchema());
    }
    problem.addProperty("status", new IntegerSchema());
    for (var name : List.of("payment_required", "payment_response")) {
      problem.addProperty(
          name, new StringSchema().description("Of a refused payment: the header to relay"));
    }
    problem.setRequired(List.of("type", "title", "status", "detail", "code", "request_id"));
    return problem;
  }
}
