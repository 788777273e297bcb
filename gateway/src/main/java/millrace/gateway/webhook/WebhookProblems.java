package millrace.gateway.webhook;

import io.swagger.v3.oas.models.OpenAPI;
import io.swagger.v3.oas.models.Operation;
import io.swagger.v3.oas.models.media.Content;
import io.swagger.v3.oas.models.media.MediaType;
import io.swagger.v3.oas.models.media.Schema;
import io.swagger.v3.oas.models.responses.ApiResponse;
import java.util.LinkedHashMap;
import java.util.List;
import org.springdoc.core.customizers.OpenApiCustomizer;
import org.springframework.stereotype.Component;

/// Which problems the operations on events and webhooks end in.
@Component
class WebhookProblems implements OpenApiCustomizer {
  private static final List<String> PATHS =
      List.of("/v1/webhook_endpoints", "/v1/events", "/v1/event_types");

  @Override
  public void customise(OpenAPI api) {
    api.getPaths()
        .forEach(
            (path, item) -> {
              if (PATHS.stream().noneMatch(path::startsWith)) return;
              item.readOperations().forEach(operation -> describe(path, operation));
            });
  }

  private static void describe(String path, Operation operation) {
    var known = new LinkedHashMap<String, String>();
    boolean takes = operation.getRequestBody() != null;
    if (takes || operation.getParameters() != null) known.put("400", "The request is not valid");
    known.put("401", "No API key, or one that is not valid");
    known.put("403", "The API key may not do this");
    if (path.contains("{")) known.put("404", "There is no such object");
    if (takes && !path.endsWith("/recover")) known.put("422", "The address may not be called");
    var content =
        new Content()
            .addMediaType(
                "application/problem+json",
                new MediaType().schema(new Schema<>().$ref("#/components/schemas/Problem")));
    known.forEach(
        (status, what) ->
            operation
                .getResponses()
                .addApiResponse(status, new ApiResponse().description(what).content(content)));
  }
}
