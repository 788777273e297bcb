package millrace.gateway.merchant;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonProperty;
import io.swagger.v3.oas.annotations.media.Schema;
import jakarta.validation.constraints.Max;
import jakarta.validation.constraints.Min;
import jakarta.validation.constraints.NotBlank;
import jakarta.validation.constraints.NotEmpty;
import jakarta.validation.constraints.NotNull;
import jakarta.validation.constraints.Size;
import java.time.Duration;
import java.time.Instant;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import millrace.gateway.metadata.Metadata;
import millrace.gateway.page.Choice;
import millrace.gateway.problem.Problem;
import millrace.gateway.problem.ProblemCode;
import millrace.protocol.type.Address;
import millrace.protocol.type.Amount;
import org.jspecify.annotations.Nullable;

/// API keys as JSON.
final class KeyBodies {
  static final long DEFAULT_OVERLAP_SECONDS = Duration.ofDays(1).toSeconds();

  /// What RFC 3339 can write and PostgreSQL can keep.
  private static final Instant LATEST = Instant.parse("9999-12-31T23:59:59Z");

  private static final long MAX_OVERLAP_SECONDS = 7 * 24 * 60 * 60;

  private KeyBodies() {}

  @Schema(name = "KeyRequest")
  record KeyRequest(
      @NotBlank @Size(max = 200) @Schema(example = "shop front") String name,
      @Size(min = 1, message = "must not be empty")
          @Schema(
              implementation = String[].class,
              example = "[\"payments:read\"]",
              description = "Makes a restricted key; without them it is a secret one")
          @Nullable Set<@NotNull Scope> scopes,
      @JsonProperty("expires_at") @Schema(example = "2099-01-31T12:00:00Z")
          @Nullable Instant expiresAt,
      @JsonProperty("allowed_ips")
          @Size(min = 1, max = 50)
          @Schema(example = "[\"203.0.113.0/24\"]", description = "Addresses and CIDR ranges")
          @Nullable List<@NotNull String> allowedIps,
      @JsonProperty("daily_spend_limit")
          @Schema(
              implementation = String.class,
              example = "5000000",
              description =
                  "What payouts and refunds by this key may come to in a day of UTC, in base units")
          @Nullable Amount dailySpendLimit,
      @JsonProperty("requests_per_second") @Min(1) @Max(1_000_000) @Schema(example = "50")
          @Nullable Integer requestsPerSecond,
      @Nullable Metadata metadata) {

    /// Holds when a key is made, and need not when its request comes again.
    void requireNotExpired(Instant now) {
      if (expiresAt != null && !expiresAt.isAfter(now)) {
        throw Problem.of(ProblemCode.INVALID_REQUEST, "expires_at must be in the future.")
            .about("expires_at")
            .asException();
      }
    }

    KeyOrder order() {
      if (expiresAt != null && expiresAt.isAfter(LATEST)) {
        throw Problem.of(ProblemCode.INVALID_REQUEST, "expires_at must be before the year 10000.")
            .about("expires_at")
            .asException();
      }
      List<String> ranges = allowedIps == null ? List.of() : allowedIps;
      KeyLimits.check(ranges);
      return new KeyOrder(
          name,
          scopes == null ? KeyType.SECRET : KeyType.RESTRICTED,
          scopes == null ? EnumSet.allOf(Scope.class) : scopes,
          new KeyLimits(
              Optional.ofNullable(expiresAt),
              ranges,
              Optional.ofNullable(dailySpendLimit),
              Optional.ofNullable(requestsPerSecond)),
          Metadata.orNone(metadata).values());
    }
  }

  @Schema(name = "KeyRotation")
  record RotationRequest(
      @JsonProperty("overlap_seconds")
          @Min(0)
          @Max(MAX_OVERLAP_SECONDS)
          @Schema(
              example = "86400",
              description =
                  "How long the secret before is good beside the new one; a day if unsaid")
          @Nullable Long overlapSeconds) {
    Duration overlap() {
      return Duration.ofSeconds(overlapSeconds == null ? DEFAULT_OVERLAP_SECONDS : overlapSeconds);
    }
  }

  @Schema(name = "ApiKey")
  @JsonInclude(JsonInclude.Include.NON_NULL)
  record KeyBody(
      String id,
      @Schema(example = "api_key") String object,
      @Schema(allowableValues = {"secret", "restricted"}) String type,
      boolean livemode,
      @Schema(allowableValues = {"active", "expired"}) String status,
      String name,
      String hint,
      @Schema(implementation = String[].class) @NotEmpty Set<Scope> scopes,
      @Schema(description = "Only in the answer that made it") @Nullable String secret,
      @JsonProperty("expires_at") @Nullable Instant expiresAt,
      @JsonProperty("allowed_ips") @Nullable List<String> allowedIps,
      @JsonProperty("daily_spend_limit")
          @Schema(implementation = String.class, description = "In base units of asset")
          @Nullable Amount dailySpendLimit,
      @Schema(
              implementation = String.class,
              description = "What daily_spend_limit is counted in; only beside it")
          @Nullable Address asset,
      @Schema(example = "6", description = "Those of asset, beside it") @Nullable Integer decimals,
      @JsonProperty("requests_per_second") @Nullable Integer requestsPerSecond,
      @JsonProperty("previous_secret_expires_at")
          @Schema(description = "After a rotation: until when the secret before is good")
          @Nullable Instant previousSecretExpiresAt,
      Map<String, String> metadata,
      @JsonProperty("created_at") Instant createdAt,
      @JsonProperty("last_used_at") @Schema(description = "To the minute")
          @Nullable Instant lastUsedAt) {

    static KeyBody of(ApiKeys.Issued issued, Instant now, Denomination in) {
      return of(issued.key(), issued.secret().reveal(), now, in);
    }

    static KeyBody of(ApiKey key, @Nullable String secret, Instant now, Denomination in) {
      var limits = key.limits();
      boolean limited = limits.dailySpend().isPresent();
      return new KeyBody(
          key.id(),
          "api_key",
          key.type().wire(),
          in.live(),
          Choice.word(KeyFilter.Status.of(limits, now)),
          key.name(),
          key.hint(),
          new TreeSet<>(key.scopes()),
          secret,
          limits.expiresAt().orElse(null),
          limits.allowedIps().isEmpty() ? null : limits.allowedIps(),
          limits.dailySpend().orElse(null),
          limited ? in.asset() : null,
          limited ? in.decimals() : null,
          limits.requestsPerSecond().orElse(null),
          key.previousUntil().orElse(null),
          new TreeMap<>(key.metadata()),
          key.createdAt(),
          key.lastUsedAt().orElse(null));
    }
  }
}
