package millrace.gateway.merchant;

import io.swagger.v3.oas.annotations.Operation;
import io.swagger.v3.oas.annotations.media.Schema;
import io.swagger.v3.oas.annotations.tags.Tag;
import jakarta.validation.Valid;
import java.time.Clock;
import java.time.Instant;
import java.util.Optional;
import millrace.gateway.idempotency.Once;
import millrace.gateway.merchant.KeyBodies.KeyBody;
import millrace.gateway.merchant.KeyBodies.KeyRequest;
import millrace.gateway.merchant.KeyBodies.RotationRequest;
import millrace.gateway.page.Choice;
import millrace.gateway.page.Page;
import millrace.gateway.page.PageRequest;
import millrace.gateway.page.Period;
import millrace.gateway.problem.Problem;
import millrace.gateway.problem.ProblemCode;
import millrace.gateway.problem.Problems;
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

/// A merchant's keys. A key cannot get at a secret that may do more than itself.
@RestController
@Tag(name = "api_keys")
class ApiKeyController {
  private final ApiKeys keys;
  private final Denomination denomination;
  private final Clock clock;

  ApiKeyController(ApiKeys keys, Denomination denomination, Clock clock) {
    this.keys = keys;
    this.denomination = denomination;
    this.clock = clock;
  }

  @PostMapping("/v1/api_keys")
  @ResponseStatus(HttpStatus.CREATED)
  @Operation(
      operationId = "createApiKey",
      summary = "Make an API key",
      description =
          "With scopes a restricted key, without them a secret one, which may do everything. The"
              + " secret is shown in this answer only. A key cannot give what it does not have"
              + " itself, and one with limits makes no keys.")
  @Problems(ProblemCode.LIMIT_REACHED)
  KeyBody create(
      @Scoped(Scope.KEYS_WRITE) Caller caller, Once once, @RequestBody @Valid KeyRequest body) {
    var order = body.order();
    if (caller.limits().any()) throw refused("A key with limits makes no keys.");
    boolean covered =
        order.type() == KeyType.SECRET
            ? caller.secret()
            : caller.scopes().containsAll(order.scopes());
    if (!covered) throw refused("A key cannot give a scope that it does not have.");
    return once.perform(
        body,
        KeyBody.class,
        () -> {
          body.requireNotExpired(clock.instant());
          return shown(keys.issue(caller.merchant(), order));
        });
  }

  @GetMapping("/v1/api_keys/{id}")
  @Operation(operationId = "getApiKey", summary = "Show a key, without its secret")
  KeyBody get(@Scoped(Scope.KEYS_READ) Caller caller, @PathVariable String id) {
    return keys.find(caller.merchant(), id)
        .map(this::shown)
        .orElseThrow(() -> Problem.notFound("API key").asException());
  }

  @GetMapping("/v1/api_keys")
  @Operation(operationId = "listApiKeys", summary = "List keys, newest first, without secrets")
  Page<KeyBody> list(
      @Scoped(Scope.KEYS_READ) Caller caller,
      @RequestParam(required = false) @Nullable Integer limit,
      @RequestParam(name = "starting_after", required = false) @Nullable String startingAfter,
      @RequestParam(required = false) @Schema(allowableValues = {"secret", "restricted"})
          @Nullable String type,
      @RequestParam(required = false) @Schema(allowableValues = {"active", "expired"})
          @Nullable String status,
      @RequestParam(name = "created[gte]", required = false) @Nullable Instant from,
      @RequestParam(name = "created[lt]", required = false) @Nullable Instant to) {
    var page = PageRequest.of("key_", limit, startingAfter);
    var wanted =
        new KeyFilter(
            Choice.of(KeyType.class, "type", type),
            Choice.of(KeyFilter.Status.class, "status", status),
            Period.of(from, to));
    return Page.of(keys.list(caller.merchant(), wanted, page), page).map(this::shown);
  }

  @PostMapping("/v1/api_keys/{id}/rotate")
  @Operation(
      operationId = "rotateApiKey",
      summary = "Give a key another secret",
      description =
          "The secret is shown in this answer only. The one before is good for overlap_seconds"
              + " more, the one before that no longer. Id, scopes, limits and what was spent of"
              + " them stay. A key may always rotate itself.")
  KeyBody rotate(
      @Scoped(Scope.KEYS_WRITE) Caller caller,
      Once once,
      @PathVariable String id,
      @RequestBody(required = false) @Valid @Nullable RotationRequest body) {
    var rotation = Optional.ofNullable(body).orElseGet(() -> new RotationRequest(null));
    return once.perform(
        rotation,
        KeyBody.class,
        () ->
            keys.rotate(caller.merchant(), id, rotation.overlap(), key -> mayHave(caller, key))
                .map(this::shown)
                .orElseThrow(() -> Problem.notFound("API key").asException()));
  }

  @DeleteMapping("/v1/api_keys/{id}")
  @ResponseStatus(HttpStatus.NO_CONTENT)
  @Operation(operationId = "revokeApiKey", summary = "Revoke a key")
  void revoke(@Scoped(Scope.KEYS_WRITE) Caller caller, @PathVariable String id) {
    if (!keys.revoke(caller.merchant(), id)) throw Problem.notFound("API key").asException();
  }

  /// Whoever rotates a key holds its secret afterwards.
  private static boolean mayHave(Caller caller, ApiKey key) {
    if (key.id().equals(caller.keyId())) return true;
    if (caller.limits().any()) throw refused("A key with limits rotates no other key.");
    boolean covered =
        key.type() == KeyType.SECRET ? caller.secret() : caller.scopes().containsAll(key.scopes());
    if (!covered) throw refused("A key cannot rotate one that may do more.");
    return true;
  }

  private static RuntimeException refused(String why) {
    return Problem.of(ProblemCode.MISSING_SCOPE, why).about("scopes").asException();
  }

  private KeyBody shown(ApiKey key) {
    return KeyBody.of(key, null, clock.instant(), denomination);
  }

  private KeyBody shown(ApiKeys.Issued issued) {
    return KeyBody.of(issued, clock.instant(), denomination);
  }
}
