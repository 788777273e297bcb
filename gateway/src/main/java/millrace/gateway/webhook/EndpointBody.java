package millrace.gateway.webhook;

import com.fasterxml.jackson.annotation.JsonProperty;
import io.swagger.v3.oas.annotations.media.Schema;
import java.time.Instant;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import millrace.gateway.metadata.Metadata;
import millrace.gateway.page.Choice;
import org.jspecify.annotations.Nullable;

@Schema(name = "WebhookEndpoint")
record EndpointBody(
    @Schema(example = "we_01jd3v9m2e8k4q7w5x0y6z1a2b") String id,
    @Schema(example = "webhook_endpoint") String object,
    boolean livemode,
    @Schema(example = "https://shop.example.com/hooks") String url,
    @Schema(example = "Orders") String description,
    @Schema(implementation = String[].class, example = "[\"payment.succeeded\"]")
        Set<EventType> events,
    @Schema(implementation = String[].class, example = "[\"v1\"]") Set<SignatureScheme> signatures,
    @Schema(
            description =
                "failing: nothing was taken since failing_since; disabled: nothing is sent",
            allowableValues = {"healthy", "failing", "disabled"})
        String status,
    @JsonProperty("disabled_reason") @Nullable String disabledReason,
    @JsonProperty("disabled_at") @Nullable Instant disabledAt,
    @JsonProperty("failing_since") @Nullable Instant failingSince,
    @Schema(description = "What went wrong last, while failing", example = "status 500")
        @JsonProperty("last_error")
        @Nullable String lastError,
    @Schema(description = "When an endpoint that was switched off for failing is asked again")
        @JsonProperty("probe_at")
        @Nullable Instant probeAt,
    @Schema(description = "Checks v1a signatures", example = "whpk_…") @JsonProperty("public_key")
        @Nullable String publicKey,
    @Schema(
            description = "Checks v1 signatures. Only in the answer that made it",
            example = "whsec_…")
        @Nullable String secret,
    @Schema(description = "Until then messages are signed with the replaced keys as well")
        @JsonProperty("previous_keys_until")
        @Nullable Instant previousKeysUntil,
    Metadata metadata,
    @JsonProperty("created_at") Instant createdAt) {
  static EndpointBody of(WebhookEndpoint endpoint, boolean live, Instant now) {
    return of(endpoint, live, now, Optional.empty());
  }

  static EndpointBody withSecret(WebhookEndpoint endpoint, boolean live, Instant now) {
    return of(endpoint, live, now, Optional.ofNullable(endpoint.keys().secret()));
  }

  private static EndpointBody of(
      WebhookEndpoint endpoint, boolean live, Instant now, Optional<String> secret) {
    boolean failing = endpoint.failingSince().isPresent();
    return new EndpointBody(
        endpoint.id(),
        "webhook_endpoint",
        live,
        endpoint.url(),
        endpoint.description(),
        new TreeSet<>(endpoint.events()),
        new TreeSet<>(endpoint.signatures()),
        Choice.word(endpoint.status()),
        endpoint.disabledReason().orElse(null),
        endpoint.disabledAt().orElse(null),
        endpoint.failingSince().orElse(null),
        failing ? endpoint.lastError().orElse(null) : null,
        endpoint.probeAt().orElse(null),
        Optional.ofNullable(endpoint.keys().privateKey()).map(Ed25519::publicKey).orElse(null),
        secret.orElse(null),
        endpoint.previousUntil().filter(now::isBefore).orElse(null),
        endpoint.metadata(),
        endpoint.createdAt());
  }
}
