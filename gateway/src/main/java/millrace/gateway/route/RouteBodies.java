package millrace.gateway.route;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonProperty;
import io.swagger.v3.oas.annotations.media.Schema;
import jakarta.validation.Valid;
import jakarta.validation.constraints.Max;
import jakarta.validation.constraints.Min;
import jakarta.validation.constraints.NotBlank;
import jakarta.validation.constraints.NotNull;
import jakarta.validation.constraints.Pattern;
import jakarta.validation.constraints.Size;
import java.net.URI;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import millrace.gateway.merchant.Denomination;
import millrace.gateway.metadata.Metadata;
import millrace.gateway.offer.Offers;
import millrace.gateway.problem.Problem;
import millrace.gateway.problem.ProblemCode;
import millrace.protocol.type.Address;
import millrace.protocol.type.Amount;
import millrace.protocol.type.MerchantId;
import org.jspecify.annotations.Nullable;

/// Routes as JSON.
final class RouteBodies {
  private static final String UNIT_PRICE =
      "Makes price the most that one request costs: the upstream says in Millrace-Usage how many"
          + " units it used";

  private RouteBodies() {}

  @Schema(name = "RouteLimits", description = "What your server can bear, of each gateway")
  @JsonInclude(JsonInclude.Include.NON_NULL)
  record LimitsBody(
      @JsonProperty("requests_per_second")
          @Min(1)
          @Max(100_000)
          @Schema(description = "Paid requests; one more is 429 and costs nothing", example = "50")
          @Nullable Integer requestsPerSecond,
      @Min(1)
          @Max(10_000)
          @Schema(description = "Paid requests under way at once; one more is 503", example = "8")
          @Nullable Integer concurrency,
      @JsonProperty("timeout_seconds")
          @Min(1)
          @Max(600)
          @Schema(description = "For the whole answer; later it is 504", example = "10")
          @Nullable Integer timeoutSeconds) {
    RouteLimits limits() {
      return new RouteLimits(
          Optional.ofNullable(requestsPerSecond),
          Optional.ofNullable(concurrency),
          Optional.ofNullable(timeoutSeconds));
    }

    static LimitsBody of(RouteLimits limits) {
      return new LimitsBody(
          limits.requestsPerSecond().orElse(null),
          limits.concurrency().orElse(null),
          limits.timeoutSeconds().orElse(null));
    }
  }

  record RouteRequest(
      @JsonProperty("upstream_url") @NotBlank @Schema(example = "https://api.example.com/weather")
          String upstreamUrl,
      @NotNull @Schema(implementation = String.class, example = "1000") Amount price,
      @JsonProperty("unit_price")
          @Schema(implementation = String.class, description = UNIT_PRICE, example = "10")
          @Nullable Amount unitPrice,
      @Size(max = 20) @Schema(description = "All, if there are none", example = "[\"GET\"]")
          @Nullable List<@NotNull @Pattern(regexp = Route.METHOD) String> methods,
      @Size(max = 500) @Schema(example = "Tomorrow's weather") @Nullable String description,
      @JsonProperty("mime_type") @Size(max = 100) @Schema(example = "application/json")
          @Nullable String mimeType,
      @Valid @Nullable LimitsBody limits,
      @Nullable Metadata metadata) {
    Route route(RouteId id, MerchantId merchant, Instant now) {
      return new Route(
          id,
          merchant,
          upstream(upstreamUrl),
          checked(price, Optional.ofNullable(unitPrice)),
          methods == null ? Set.of() : Set.copyOf(methods),
          description == null ? "" : description,
          mimeType == null ? "" : mimeType,
          limits == null ? RouteLimits.NONE : limits.limits(),
          Metadata.orNone(metadata),
          now,
          now);
    }
  }

  record RouteChange(
      @JsonProperty("upstream_url")
          @Size(min = 1, message = "must not be empty")
          @Schema(example = "https://api.example.com/weather/v2")
          @Nullable String upstreamUrl,
      @Schema(implementation = String.class, example = "1200") @Nullable Amount price,
      @JsonProperty("unit_price")
          @Schema(
              implementation = String.class,
              description = UNIT_PRICE + ". 0: every request costs price again",
              example = "12")
          @Nullable Amount unitPrice,
      @Size(max = 20) @Schema(description = "[]: all", example = "[\"GET\", \"POST\"]")
          @Nullable List<@NotNull @Pattern(regexp = Route.METHOD) String> methods,
      @Size(max = 500) @Schema(example = "The weather of the week") @Nullable String description,
      @JsonProperty("mime_type") @Size(max = 100) @Schema(example = "application/json")
          @Nullable String mimeType,
      @Valid @Schema(description = "Replaces all limits; {}: none") @Nullable LimitsBody limits,
      @Schema(description = "Changes the keys it names; an empty text removes one")
          @Nullable Metadata metadata) {
    Route applyTo(Route route, Instant now) {
      Optional<Amount> perUnit =
          unitPrice == null
              ? route.price().perUnit()
              : Optional.of(unitPrice).filter(given -> !given.isZero());
      return new Route(
          route.id(),
          route.merchant(),
          upstreamUrl == null ? route.upstream() : upstream(upstreamUrl),
          checked(price == null ? route.price().most() : price, perUnit),
          methods == null ? route.methods() : Set.copyOf(methods),
          description == null ? route.description() : description,
          mimeType == null ? route.mimeType() : mimeType,
          limits == null ? route.limits() : limits.limits(),
          metadata == null ? route.metadata() : route.metadata().changedBy(metadata),
          route.createdAt(),
          now);
    }
  }

  private static URI upstream(String url) {
    var upstream = URI.create(url);
    if (upstream.getRawQuery() != null) throw invalid("upstream_url", "must not have a query");
    return upstream;
  }

  private static Price checked(Amount price, Optional<Amount> perUnit) {
    if (price.isZero()) throw invalid("price", "must be above 0");
    if (price.exceeds(Offers.MAX_PRICE)) throw invalid("price", "must be below 2^96");
    perUnit.ifPresent(
        unit -> {
          if (unit.isZero()) throw invalid("unit_price", "must be above 0");
          if (unit.exceeds(price)) throw invalid("unit_price", "must not be above price");
        });
    return new Price(price, perUnit);
  }

  private static RuntimeException invalid(String field, String why) {
    return Problem.of(ProblemCode.INVALID_REQUEST, field + " " + why + ".")
        .about(field)
        .asException();
  }

  @Schema(name = "Route")
  record RouteBody(
      @Schema(example = "rt_01jd3v9m2e8k4q7w5x0y6z1a2b") String id,
      @Schema(example = "route") String object,
      boolean livemode,
      @Schema(
              description = "Where clients pay and are served; add any path and query",
              example = "/x/rt_01jd3v9m2e8k4q7w5x0y6z1a2b")
          String path,
      @JsonProperty("upstream_url") @Schema(example = "https://api.example.com/weather")
          String upstreamUrl,
      @Schema(
              implementation = String.class,
              description = "Of a request; with unit_price the most that one costs",
              example = "1000")
          Amount price,
      @JsonProperty("unit_price") @Schema(implementation = String.class, example = "10")
          @Nullable Amount unitPrice,
      @Schema(implementation = String.class) Address asset,
      @Schema(example = "6") int decimals,
      Set<String> methods,
      String description,
      @JsonProperty("mime_type") String mimeType,
      LimitsBody limits,
      Metadata metadata,
      @JsonProperty("created_at") Instant createdAt,
      @JsonProperty("updated_at") Instant updatedAt) {
    static RouteBody of(Route route, Denomination in) {
      return new RouteBody(
          route.id().value(),
          "route",
          in.live(),
          "/x/" + route.id(),
          route.upstream().toString(),
          route.price().most(),
          route.price().perUnit().orElse(null),
          in.asset(),
          in.decimals(),
          new TreeSet<>(route.methods()),
          route.description(),
          route.mimeType(),
          LimitsBody.of(route.limits()),
          route.metadata(),
          route.createdAt(),
          route.updatedAt());
    }
  }
}
