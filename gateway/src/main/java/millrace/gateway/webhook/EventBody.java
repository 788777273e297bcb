package millrace.gateway.webhook;

import io.swagger.v3.oas.annotations.media.Schema;
import tools.jackson.databind.JsonNode;

/// An event as webhooks send it.
@Schema(name = "Event")
record EventBody(
    @Schema(example = "evt_01jd3v9m2e8k4q7w5x0y6z1a2b") String id,
    @Schema(example = "payment.succeeded") String type,
    @Schema(format = "date-time", example = "2026-11-29T12:00:00.123456Z") String timestamp,
    boolean livemode,
    @Schema(
            implementation = Object.class,
            description = "As the schema of the type says; see GET /v1/event_types")
        JsonNode data) {}
