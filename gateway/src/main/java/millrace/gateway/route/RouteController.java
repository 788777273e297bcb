package millrace.gateway.route;

import io.swagger.v3.oas.annotations.Operation;
import io.swagger.v3.oas.annotations.media.Schema;
import io.swagger.v3.oas.annotations.tags.Tag;
import jakarta.validation.Valid;
import java.time.Instant;
import java.util.Optional;
import millrace.gateway.hub.PriceLimits;
import millrace.gateway.idempotency.Once;
import millrace.gateway.merchant.Caller;
import millrace.gateway.merchant.Denomination;
import millrace.gateway.merchant.Scope;
import millrace.gateway.merchant.Scoped;
import millrace.gateway.outbound.AddressRule;
import millrace.gateway.page.Page;
import millrace.gateway.page.PageRequest;
import millrace.gateway.page.Period;
import millrace.gateway.problem.Problem;
import millrace.gateway.problem.ProblemCode;
import millrace.gateway.problem.Problems;
import millrace.gateway.route.RouteBodies.RouteBody;
import millrace.gateway.route.RouteBodies.RouteChange;
import millrace.gateway.route.RouteBodies.RouteRequest;
import org.jspecify.annotations.Nullable;
import org.springframework.http.HttpStatus;
import org.springframework.web.bind.annotation.DeleteMapping;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PatchMapping;
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
  private final PriceLimits limits;
  private final Denomination denomination;

  RouteController(
      Routes routes, AddressRule addresses, PriceLimits limits, Denomination denomination) {
    this.routes = routes;
    this.addresses = addresses;
    this.limits = limits;
    this.denomination = denomination;
  }

  @PostMapping("/v1/routes")
  @ResponseStatus(HttpStatus.CREATED)
  @Operation(
      operationId = "createRoute",
      summary = "Put a resource behind a price",
      description =
          "Requests to /x/{id}/** are paid for, then sent to the upstream with path and query.")
  @Problems({
    ProblemCode.ADDRESS_NOT_ALLOWED,
    ProblemCode.PRICE_ABOVE_LIMIT,
    ProblemCode.LIMIT_REACHED
  })
  RouteBody create(
      @Scoped(Scope.ROUTES_WRITE) Caller caller, Once once, @RequestBody @Valid RouteRequest body) {
    var objection = objection(body.upstreamUrl());
    var made =
        once.perform(
            body,
            RouteBody.class,
            () -> {
              // Only the first time: the name may lead elsewhere and the limit have fallen since.
              refuse(objection);
              limits.require(body.price(), "price");
              return shown(routes.add(now -> body.route(routes.newId(), caller.merchant(), now)));
            });
    routes.changed();
    return made;
  }

  @PatchMapping("/v1/routes/{id}")
  @Operation(
      operationId = "updateRoute",
      summary = "Change a route",
      description =
          "What is absent stays as it is. Whoever was offered another price before is told the new"
              + " one, and charged nothing.")
  @Problems({ProblemCode.ADDRESS_NOT_ALLOWED, ProblemCode.PRICE_ABOVE_LIMIT})
  RouteBody update(
      @Scoped(Scope.ROUTES_WRITE) Caller caller,
      Once once,
      @PathVariable String id,
      @RequestBody @Valid RouteChange body) {
    var objection = Optional.ofNullable(body.upstreamUrl()).flatMap(this::objection);
    var changed =
        once.perform(
            body,
            RouteBody.class,
            () -> {
              refuse(objection);
              if (body.price() != null) limits.require(body.price(), "price");
              return routes
                  .change(caller.merchant(), id, body::applyTo)
                  .map(this::shown)
                  .orElseThrow(RouteController::notFound);
            });
    routes.changed();
    return changed;
  }

  @GetMapping("/v1/routes")
  @Operation(operationId = "listRoutes", summary = "List routes, newest first")
  Page<RouteBody> list(
      @Scoped(Scope.ROUTES_READ) Caller caller,
      @RequestParam(required = false) @Nullable Integer limit,
      @RequestParam(name = "starting_after", required = false) @Nullable String startingAfter,
      @RequestParam(required = false) @Schema(description = "Those that sell it", example = "GET")
          @Nullable String method,
      @RequestParam(name = "created[gte]", required = false) @Nullable Instant from,
      @RequestParam(name = "created[lt]", required = false) @Nullable Instant to) {
    if (method != null && !Route.isMethod(method)) {
      throw Problem.of(ProblemCode.INVALID_REQUEST, "method is in capital letters.")
          .about("method")
          .asException();
    }
    var page = PageRequest.of("rt_", limit, startingAfter);
    var found =
        routes.list(caller.merchant(), Optional.ofNullable(method), Period.of(from, to), page);
    return Page.of(found, page).map(this::shown);
  }

  @GetMapping("/v1/routes/{id}")
  @Operation(operationId = "getRoute", summary = "Show a route")
  RouteBody get(@Scoped(Scope.ROUTES_READ) Caller caller, @PathVariable String id) {
    return routes
        .find(caller.merchant(), id)
        .map(this::shown)
        .orElseThrow(RouteController::notFound);
  }

  @DeleteMapping("/v1/routes/{id}")
  @ResponseStatus(HttpStatus.NO_CONTENT)
  @Operation(operationId = "deleteRoute", summary = "Take a resource away")
  void delete(@Scoped(Scope.ROUTES_WRITE) Caller caller, @PathVariable String id) {
    if (!routes.remove(caller.merchant(), id)) throw notFound();
  }

  private RouteBody shown(Route route) {
    return RouteBody.of(route, denomination);
  }

  /// Resolves the name.
  private Optional<String> objection(String url) {
    return addresses.objection(url, false);
  }

  private static void refuse(Optional<String> objection) {
    objection.ifPresent(
        why -> {
          throw Problem.of(ProblemCode.ADDRESS_NOT_ALLOWED, "upstream_url " + why + ".")
              .about("upstream_url")
              .asException();
        });
  }

  private static RuntimeException notFound() {
    return Problem.notFound("route").asException();
  }
}
