package millrace.gateway.route;

import com.fasterxml.jackson.annotation.JsonProperty;
import io.swagger.v3.oas.annotations.Operation;
import io.swagger.v3.oas.annotations.media.Schema;
import io.swagger.v3.oas.annotations.tags.Tag;
import jakarta.validation.Valid;
import jakarta.validation.constraints.NotBlank;
import jakarta.validation.constraints.NotNull;
import jakarta.validation.constraints.Pattern;
import jakarta.validation.constraints.Size;
import java.net.URI;
import java.time.Instant;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import millrace.gateway.idempotency.Once;
import millrace.gateway.merchant.Caller;
import millrace.gateway.merchant.Scope;
import millrace.gateway.merchant.Scoped;
import millrace.gateway.offer.Offers;
import millrace.gateway.outbound.AddressRule;
import millrace.gateway.page.Page;
import millrace.gateway.page.PageRequest;
import millrace.gateway.problem.Problem;
import millrace.gateway.problem.ProblemCode;
import millrace.protocol.type.Amount;
import org.jspecify.annotations.Nullable;
import org.springframework.http.HttpStatus;
import org.springframework.web.bind.annotation.DeleteMapping;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestBody;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.bind.annotation.ResponseStatus;
import org.springframework.web.bind.annotation.RestController;

/// Merchants put resources behind a price.
@RestController
@Tag(name = "routes")
class RouteController {
  private final Routes routes;
  private final AddressRule addresses;

  RouteController(Routes routes, AddressRule addresses) {
    this.routes = routes;
    this.addresses = addresses;
  }

  @PostMapping("/v1/routes")
  @ResponseStatus(HttpStatus.CREATED)
  @Operation(
      operationId = "createRoute",
      summary = "Put a resource behind a price",
      description =
          "Requests to /x/{id}/** are paid for, then sent to the upstream with path and query.")
  RouteBody create(
      @Scoped(Scope.ROUTES_WRITE) Caller caller, Once once, @RequestBody @Valid RouteRequest body) {
    addresses
        .objection(body.upstreamUrl(), false)
        .ifPresent(
            why -> {
              throw Problem.of(ProblemCode.ADDRESS_NOT_ALLOWED, "upstream_url " + why + ".")
                  .about("upstream_url")
                  .asException();
            });
    var upstream = URI.create(body.upstreamUrl());
    if (upstream.getRawQuery() != null) throw invalid("upstream_url", "must not have a query");
    if (body.price().isZero()) throw invalid("price", "must be above 0");
    if (body.price().exceeds(Offers.MAX_PRICE)) throw invalid("price", "must be below 2^96");
    var made =
        once.perform(
            body,
            RouteBody.class,
            () ->
                RouteBody.of(routes.add(clock -> route(caller, upstream, body, clock.instant()))));
    routes.changed();
    return made;
  }

  private Route route(Caller caller, URI upstream, RouteRequest body, Instant now) {
    return new Route(
        routes.newId(),
        caller.merchant(),
        upstream,
        body.price(),
        body.methods() == null ? Set.of() : Set.copyOf(body.methods()),
        body.description() == null ? "" : body.description(),
        body.mimeType() == null ? "" : body.mimeType(),
        now);
  }

  @GetMapping("/v1/routes")
  @Operation(operationId = "listRoutes", summary = "List routes, newest first")
  Page<RouteBody> list(
      @Scoped(Scope.ROUTES_READ) Caller caller,
      @RequestParam(required = false) @Nullable Integer limit,
      @RequestParam(name = "starting_after", required = false) @Nullable String startingAfter) {
    var page = PageRequest.of("rt_", limit, startingAfter);
    return Page.of(routes.list(caller.merchant(), page), page).map(RouteBody::of);
  }

  @GetMapping("/v1/routes/{id}")
  @Operation(operationId = "getRoute", summary = "Show a route")
  RouteBody get(@Scoped(Scope.ROUTES_READ) Caller caller, @PathVariable String id) {
    return routes
        .find(caller.merchant(), id)
        .map(RouteBody::of)
        .orElseThrow(() -> Problem.notFound("route").asException());
  }

  @DeleteMapping("/v1/routes/{id}")
  @ResponseStatus(HttpStatus.NO_CONTENT)
  @Operation(operationId = "deleteRoute", summary = "Take a resource away")
  void delete(@Scoped(Scope.ROUTES_WRITE) Caller caller, @PathVariable String id) {
    if (!routes.remove(caller.merchant(), id)) throw Problem.notFound("route").asException();
  }

  private static RuntimeException invalid(String field, String why) {
    return Problem.of(ProblemCode.INVALID_REQUEST, field + " " + why + ".")
        .about(field)
        .asException();
  }

  record RouteRequest(
      @JsonProperty("upstream_url") @NotBlank @Schema(example = "https://api.example.com/weather")
          String upstreamUrl,
      @NotNull @Schema(implementation = String.class, example = "1000") Amount price,
      @Size(max = 20) @Nullable List<@NotNull @Pattern(regexp = "[A-Z]{1,20}") String> methods,
      @Size(max = 500) @Nullable String description,
      @JsonProperty("mime_type") @Size(max = 100) @Nullable String mimeType) {}

  @Schema(name = "Route")
  record RouteBody(
      String id,
      String object,
      @Schema(description = "Where clients pay and are served; add any path and query") String path,
      @JsonProperty("upstream_url") String upstreamUrl,
      @Schema(implementation = String.class) Amount price,
      Set<String> methods,
      String description,
      @JsonProperty("mime_type") String mimeType,
      @JsonProperty("created_at") Instant createdAt) {
    static RouteBody of(Route route) {
      return new RouteBody(
          route.id().value(),
          "route",
          "/x/" + route.id(),
          route.upstream().toString(),
          route.price(),
          new TreeSet<>(route.methods()),
          route.description(),
          route.mimeType(),
          route.createdAt());
    }
  }
}
