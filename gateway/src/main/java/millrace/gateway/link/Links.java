package millrace.gateway.link;

import com.github.benmanes.caffeine.cache.Caffeine;
import com.github.benmanes.caffeine.cache.LoadingCache;
import java.math.BigDecimal;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import millrace.gateway.audit.AuditLog;
import millrace.gateway.id.Ids;
import millrace.gateway.metadata.Metadata;
import millrace.gateway.page.PageRequest;
import millrace.gateway.page.Period;
import millrace.gateway.tenancy.Tenancy;
import millrace.protocol.type.Amount;
import millrace.protocol.type.MerchantId;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Repository;
import org.springframework.transaction.annotation.Transactional;

/// The payment links there are. Whoever asks for a price gets it from memory, which may be a second
/// old.
@Repository
public class Links {
  private static final Duration REMEMBERED = Duration.ofSeconds(1);
  private static final int REMEMBERED_LINKS = 10_000;

  private final JdbcClient jdbc;
  private final Ids ids;
  private final Clock clock;
  private final AuditLog audit;
  private final LoadingCache<String, Optional<PaymentLink>> known =
      Caffeine.newBuilder()
          .expireAfterWrite(REMEMBERED)
          .maximumSize(REMEMBERED_LINKS)
          .build(this::load);

  Links(JdbcClient jdbc, Ids ids, Clock clock, AuditLog audit) {
    this.jdbc = jdbc;
    this.ids = ids;
    this.clock = clock;
    this.audit = audit;
  }

  /// For whoever wants to pay, whosever it is.
  public Optional<PaymentLink> find(String id) {
    return Objects.requireNonNull(known.get(id));
  }

  private Optional<PaymentLink> load(String id) {
    return Tenancy.asService(
        () ->
            jdbc.sql("SELECT * FROM payment_link WHERE id = ?")
                .param(id)
                .query(Links::link)
                .optional());
  }

  @Transactional
  public PaymentLink add(
      MerchantId merchant,
      Amount amount,
      String description,
      Metadata metadata,
      Optional<Instant> expiresAt) {
    var link =
        new PaymentLink(
            ids.next(PaymentLink.PREFIX),
            merchant,
            amount,
            description,
            metadata,
            expiresAt.map(at -> at.truncatedTo(ChronoUnit.MICROS)),
            // As PostgreSQL keeps it, so that an answer and a later one agree.
            clock.instant().truncatedTo(ChronoUnit.MICROS),
            Optional.empty());
    jdbc.sql(
            """
            INSERT INTO payment_link
              (id, merchant_id, amount, description, metadata, expires_at, created_at)
            VALUES (:id, :merchant, :amount, :description, :metadata, :expires, :created)
            """)
        .param("id", link.id())
        .param("merchant", merchant.value())
        .param("amount", new BigDecimal(amount.units()))
        .param("description", description)
        .param("metadata", metadata.json())
        .param("expires", link.expiresAt().map(Links::utc).orElse(null))
        .param("created", utc(link.createdAt()))
        .update();
    audit.note(link.id());
    return link;
  }

  Optional<PaymentLink> find(MerchantId merchant, String id) {
    return jdbc.sql("SELECT * FROM payment_link WHERE id = ? AND merchant_id = ?")
        .params(id, merchant.value())
        .query(Links::link)
        .optional();
  }

  List<PaymentLink> list(
      MerchantId merchant, Optional<PaymentLink.Status> status, Period period, PageRequest page) {
    return jdbc.sql(
            """
            SELECT * FROM payment_link WHERE merchant_id = :merchant AND id < :before
               AND created_at >= :from AND created_at < :to
               AND (:status = '' OR :status = CASE
                 WHEN deactivated_at IS NOT NULL THEN 'INACTIVE'
                 WHEN expires_at <= :now THEN 'EXPIRED' ELSE 'ACTIVE' END)
             ORDER BY id DESC LIMIT :limit
            """)
        .param("merchant", merchant.value())
        .param("status", status.map(Enum::name).orElse(""))
        .param("now", utc(clock.instant()))
        .param("from", period.fromTime())
        .param("to", period.toTime())
        .param("before", page.before())
        .param("limit", page.limitAndOne())
        .query(Links::link)
        .list();
  }

  /// For good. Empty when the merchant has no such link.
  @Transactional
  public Optional<PaymentLink> deactivate(MerchantId merchant, String id) {
    var link =
        jdbc.sql(
                """
                UPDATE payment_link SET deactivated_at = coalesce(deactivated_at, :now)
                 WHERE id = :id AND merchant_id = :merchant RETURNING *
                """)
            .param("now", utc(clock.instant()))
            .param("id", id)
            .param("merchant", merchant.value())
            .query(Links::link)
            .optional();
    link.ifPresent(found -> audit.note(found.id()));
    return link;
  }

  /// Here at once, at other gateways within a second. After the transaction.
  void forget(String id) {
    known.invalidate(id);
  }

  private static OffsetDateTime utc(Instant at) {
    return at.atOffset(ZoneOffset.UTC);
  }

  private static PaymentLink link(ResultSet row, int number) throws SQLException {
    return new PaymentLink(
        row.getString("id"),
        new MerchantId(row.getString("merchant_id")),
        new Amount(row.getBigDecimal("amount").toBigIntegerExact()),
        row.getString("description"),
        Metadata.ofJson(row.getString("metadata")),
        time(row, "expires_at"),
        time(row, "created_at").orElseThrow(),
        time(row, "deactivated_at"));
  }

  private static Optional<Instant> time(ResultSet row, String column) throws SQLException {
    @Nullable OffsetDateTime at = row.getObject(column, OffsetDateTime.class);
    return Optional.ofNullable(at).map(OffsetDateTime::toInstant);
  }
}
