package millrace.gateway.merchant;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonProperty;
import io.swagger.v3.oas.annotations.Operation;
import io.swagger.v3.oas.annotations.media.Schema;
import io.swagger.v3.oas.annotations.tags.Tag;
import jakarta.validation.Valid;
import jakarta.validation.constraints.NotBlank;
import jakarta.validation.constraints.NotEmpty;
import jakarta.validation.constraints.NotNull;
import jakarta.validation.constraints.Size;
import java.time.Instant;
import java.util.Set;
import java.util.TreeSet;
import millrace.gateway.page.Page;
import millrace.gateway.page.PageRequest;
import millrace.gateway.problem.Problem;
import millrace.gateway.problem.ProblemCode;
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

/// A merchant's keys. A key cannot make one that may do more than itself.
@RestController
@Tag(name = "api_keys")
class ApiKeyController {
  private final ApiKeys keys;

  ApiKeyController(ApiKeys keys) {
    this.keys = keys;
  }

  @PostMapping("/v1/api_keys")
  @ResponseStatus(HttpStatus.CREATED)
  @Operation(
      operationId = "createApiKey",
      summary = "Make an API key",
      description = "The secret is shown in this answer only.")
  KeyBody create(@Scoped(Scope.KEYS_WRITE) Caller caller, @RequestBody @Valid KeyRequest body) {
    if (!caller.scopes().containsAll(body.scopes())) {
      throw Problem.of(
              ProblemCode.MISSING_SCOPE, "A key cannot give a scope that it does not have.")
          .about("scopes")
          .asException();
    }
    return KeyBody.of(keys.issue(caller.merchant(), body.name(), body.scopes()));
  }

  @GetMapping("/v1/api_keys")
  @Operation(operationId = "listApiKeys", summary = "List keys, newest first, without secrets")
  Page<KeyBody> list(
      @Scoped(Scope.KEYS_READ) Caller caller,
      @RequestParam(required = false) @Nullable Integer limit,
      @RequestParam(name = "starting_after", required = false) @Nullable String startingAfter) {
    var page = PageRequest.of("key_", limit, startingAfter);
    return Page.of(keys.list(caller.merchant(), page), page).map(key -> KeyBody.of(key, null));
  }

  @DeleteMapping("/v1/api_keys/{id}")
  @ResponseStatus(HttpStatus.NO_CONTENT)
  @Operation(operationId = "revokeApiKey", summary = "Revoke a key")
  void revoke(@Scoped(Scope.KEYS_WRITE) Caller caller, @PathVariable String id) {
    if (!keys.revoke(caller.merchant(), id)) throw Problem.notFound("API key").asException();
  }

  record KeyRequest(
      @NotBlank @Size(max = 200) String name,
      @NotEmpty @Schema(implementation = String[].class, example = "[\"payments:read\"]")
          Set<@NotNull Scope> scopes) {}

  @Schema(name = "ApiKey")
  @JsonInclude(JsonInclude.Include.NON_NULL)
  record KeyBody(
      String id,
      String object,
      String name,
      String hint,
      @Schema(implementation = String[].class) Set<Scope> scopes,
      @Schema(description = "Only in the answer that made the key") @Nullable String secret,
      @JsonProperty("created_at") Instant createdAt,
      @JsonProperty("last_used_at") @Nullable Instant lastUsedAt) {
    static KeyBody of(ApiKeys.Issued issued) {
      return of(issued.key(), issued.secret().reveal());
    }

    static KeyBody of(ApiKey key, @Nullable String secret) {
      return new KeyBody(
          key.id(),
          "api_key",
          key.name(),
          key.hint(),
          new TreeSet<>(key.scopes()),
          secret,
          key.createdAt(),
          key.lastUsedAt().orElse(null));
    }
  }
}
