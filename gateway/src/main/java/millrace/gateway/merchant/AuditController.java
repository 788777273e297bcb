package millrace.gateway.merchant;

import com.fasterxml.jackson.annotation.JsonProperty;
import io.swagger.v3.oas.annotations.Operation;
import io.swagger.v3.oas.annotations.media.Schema;
import io.swagger.v3.oas.annotations.tags.Tag;
import java.time.Instant;
import java.util.Optional;
import millrace.gateway.audit.Actions;
import millrace.gateway.audit.AuditEntry;
import millrace.gateway.audit.AuditLog;
import millrace.gateway.page.Page;
import millrace.gateway.page.PageRequest;
import millrace.gateway.page.Period;
import millrace.gateway.page.Wanted;
import millrace.protocol.type.MerchantId;
import org.jspecify.annotations.Nullable;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.bind.annotation.RestController;

/// Who did what.
@RestController
@Tag(name = "audit_log")
class AuditController {
  private final AuditLog log;
  private final Actions actions;
  private final LiveMode mode;

  AuditController(AuditLog log, Actions actions, LiveMode mode) {
    this.log = log;
    this.actions = actions;
    this.mode = mode;
  }

  @GetMapping("/v1/audit_log")
  @Operation(
      operationId = "listAuditLog",
      summary = "List what keys did, newest first",
      description =
          "Everything that changed something, but payments, which have a list of their own. Also"
              + " what the operator did to the merchant. Entries are never changed or removed.")
  Page<EntryBody> list(
      @Scoped(Scope.AUDIT_READ) Caller caller,
      @RequestParam(required = false) @Nullable Integer limit,
      @RequestParam(name = "starting_after", required = false) @Nullable String startingAfter,
      @RequestParam(required = false)
          @Schema(description = "A key's id, or operator", example = "operator")
          @Nullable String actor,
      @RequestParam(required = false)
          @Schema(
              description = "The operationId of what changes something",
              example = "createApiKey")
          @Nullable String action,
      @RequestParam(name = "created[gte]", required = false) @Nullable Instant from,
      @RequestParam(name = "created[lt]", required = false) @Nullable Instant to) {
    var period = Period.of(from, to);
    return page(Optional.of(caller.merchant()), limit, startingAfter, actor, action, period);
  }

  @GetMapping("/v1/admin/audit_log")
  @Operation(operationId = "listAdminAuditLog", summary = "List what everybody did, newest first")
  Page<EntryBody> listAll(
      Operator operator,
      @RequestParam(required = false) @Nullable Integer limit,
      @RequestParam(name = "starting_after", required = false) @Nullable String startingAfter,
      @RequestParam(required = false)
          @Schema(description = "A key's id, or operator", example = "operator")
          @Nullable String actor,
      @RequestParam(required = false)
          @Schema(
              description = "The operationId of what changes something",
              example = "createApiKey")
          @Nullable String action,
      @RequestParam(name = "created[gte]", required = false) @Nullable Instant from,
      @RequestParam(name = "created[lt]", required = false) @Nullable Instant to) {
    var period = Period.of(from, to);
    return page(Optional.empty(), limit, startingAfter, actor, action, period);
  }

  private Page<EntryBody> page(
      Optional<MerchantId> merchant,
      @Nullable Integer limit,
      @Nullable String startingAfter,
      @Nullable String actor,
      @Nullable String action,
      Period period) {
    var page = PageRequest.of("aud_", limit, startingAfter);
    var byWhom = Wanted.actor("actor", actor);
    var found = log.list(merchant, byWhom, actions.wanted("action", action), period, page);
    return Page.of(found, page).map(entry -> EntryBody.of(entry, mode.live()));
  }

  @Schema(name = "AuditEntry")
  record EntryBody(
      String id,
      @Schema(example = "audit_entry") String object,
      boolean livemode,
      @Nullable String merchant,
      @Schema(description = "The key's id, or operator") String actor,
      @Schema(description = "The operationId of what was done", example = "createApiKey")
          String action,
      @JsonProperty("object_id") @Nullable String objectId,
      @JsonProperty("request_id") String requestId,
      String ip,
      @JsonProperty("created_at") Instant createdAt) {
    static EntryBody of(AuditEntry entry, boolean live) {
      return new EntryBody(
          entry.id(),
          "audit_entry",
          live,
          entry.merchant().map(MerchantId::value).orElse(null),
          entry.actor(),
          entry.action(),
          entry.object().orElse(null),
          entry.requestId(),
          entry.ip(),
          entry.at());
    }
  }
}
