package millrace.gateway.audit;

import jakarta.servlet.http.HttpServletRequest;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Clock;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import millrace.gateway.id.Ids;
import millrace.gateway.page.PageRequest;
import millrace.gateway.page.Period;
import millrace.gateway.problem.RequestIdFilter;
import millrace.gateway.tenancy.Tenancy;
import millrace.protocol.type.MerchantId;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Repository;
import org.springframework.web.context.request.RequestContextHolder;
import org.springframework.web.context.request.ServletRequestAttributes;
import org.springframework.web.method.HandlerMethod;
import org.springframework.web.servlet.HandlerMapping;

/// Is only ever added to. Whoever changes something of the gateway's notes it here in the same
/// transaction; what another service does is noted when it has answered.
@Repository
public class AuditLog {
  private static final String ACTOR = AuditLog.class.getName() + ".actor";
  private static final String NOTED = AuditLog.class.getName() + ".noted";

  private final JdbcClient jdbc;
  private final Ids ids;
  private final Clock clock;

  AuditLog(JdbcClient jdbc, Ids ids, Clock clock) {
    this.jdbc = jdbc;
    this.ids = ids;
    this.clock = clock;
  }

  /// Who the request turned out to come from.
  public static void actor(HttpServletRequest request, String actor) {
    request.setAttribute(ACTOR, actor);
  }

  static boolean isNoted(HttpServletRequest request) {
    return request.getAttribute(NOTED) != null;
  }

  static boolean hasActor(HttpServletRequest request) {
    return request.getAttribute(ACTOR) != null;
  }

  /// The request of this thread did what it is for to that object.
  public void note(String object) {
    note(Tenancy.merchantOfThread(), Optional.of(object));
  }

  /// The operator did it, and it is that merchant's affair.
  public void note(MerchantId merchant, String object) {
    note(Optional.of(merchant), Optional.of(object));
  }

  void note(Optional<MerchantId> merchant, Optional<String> object) {
    // Without a request nobody did anything: it was a test or the gateway itself.
    if (!(RequestContextHolder.getRequestAttributes() instanceof ServletRequestAttributes web)) {
      return;
    }
    var request = web.getRequest();
    request.setAttribute(NOTED, true);
    jdbc.sql(
            """
            INSERT INTO audit_entry
              (id, merchant_id, actor, action, object, request_id, ip, created_at)
            VALUES (:id, :merchant, :actor, :action, :object, :request, :ip, :at)
            """)
        .param("id", ids.next("aud_"))
        .param("merchant", merchant.map(MerchantId::value).orElse(null))
        .param("actor", String.valueOf(request.getAttribute(ACTOR)))
        .param("action", action(request))
        .param("object", object.orElse(null))
        .param("request", RequestIdFilter.of(request))
        .param("ip", request.getRemoteAddr())
        .param("at", clock.instant().atOffset(ZoneOffset.UTC))
        .update();
  }

  /// As the description of the API calls it.
  private static String action(HttpServletRequest request) {
    var handler = request.getAttribute(HandlerMapping.BEST_MATCHING_HANDLER_ATTRIBUTE);
    return Optional.ofNullable(handler)
        .filter(HandlerMethod.class::isInstance)
        .map(HandlerMethod.class::cast)
        .flatMap(Actions::name)
        .orElseGet(request::getMethod);
  }

  /// @param merchant whose entries; empty for all
  public List<AuditEntry> list(
      Optional<MerchantId> merchant,
      Optional<String> actor,
      Optional<String> action,
      Period period,
      PageRequest page) {
    return jdbc.sql(
            """
            SELECT * FROM audit_entry
             WHERE id < :before AND created_at >= :from AND created_at < :to
               AND (:merchant::text IS NULL OR merchant_id = :merchant)
               AND (:actor::text IS NULL OR actor = :actor)
               AND (:action::text IS NULL OR action = :action)
             ORDER BY id DESC LIMIT :limit
            """)
        .param("before", page.before())
        .param("from", period.fromTime())
        .param("to", period.toTime())
        .param("merchant", merchant.map(MerchantId::value).orElse(null))
        .param("actor", actor.orElse(null))
        .param("action", action.orElse(null))
        .param("limit", page.limitAndOne())
        .query(AuditLog::entry)
        .list();
  }

  private static AuditEntry entry(ResultSet row, int number) throws SQLException {
    return new AuditEntry(
        row.getString("id"),
        text(row, "merchant_id").map(MerchantId::new),
        row.getString("actor"),
        row.getString("action"),
        text(row, "object"),
        row.getString("request_id"),
        row.getString("ip"),
        Objects.requireNonNull(row.getObject("created_at", OffsetDateTime.class)).toInstant());
  }

  private static Optional<String> text(ResultSet row, String column) throws SQLException {
    @Nullable String text = row.getString(column);
    return Optional.ofNullable(text);
  }
}
