package millrace.channel.fee;

import static millrace.channel.sql.Columns.amount;
import static millrace.channel.sql.Columns.text;

import java.time.Clock;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.atomic.AtomicReference;
import java.util.stream.Collectors;
import millrace.channel.sql.Columns;
import millrace.protocol.channel.FeeTerms;
import millrace.protocol.type.MerchantId;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.dao.DataAccessException;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.scheduling.annotation.Scheduled;
import org.springframework.stereotype.Component;
import org.springframework.transaction.TransactionException;

/// Every merchant's terms, in memory: payments must not cost a statement for them. A replica takes
/// what another has changed a moment later; what was kept of a payment is stored with it.
@Component
public class Fees {
  private static final Logger LOG = LoggerFactory.getLogger(Fees.class);

  private final JdbcClient client;
  private final Clock clock;
  private final AtomicReference<Map<MerchantId, FeeTerms>> terms;

  Fees(JdbcClient client, Clock clock) {
    this.client = client;
    this.clock = clock;
    this.terms = new AtomicReference<>(read());
  }

  public FeeTerms of(MerchantId merchant) {
    return Objects.requireNonNull(terms.get()).getOrDefault(merchant, FeeTerms.NONE);
  }

  /// In force here at once, and everywhere a moment later.
  void set(MerchantId merchant, FeeTerms changed) {
    client
        .sql(
            """
            INSERT INTO merchant_fee (merchant_id, flat, basis_points, changed_at)
            VALUES (?, ?, ?, ?)
            ON CONFLICT (merchant_id) DO UPDATE
              SET flat = excluded.flat, basis_points = excluded.basis_points,
                  changed_at = excluded.changed_at
            """)
        .params(
            Columns.list(merchant.value(), changed.flat(), changed.basisPoints(), clock.instant()))
        .update();
    terms.set(read());
  }

  /// As it is stored.
  FeeTerms stored(MerchantId merchant) {
    return read().getOrDefault(merchant, FeeTerms.NONE);
  }

  @Scheduled(fixedDelayString = "${millrace.channel.fee.refresh-interval:1s}")
  void refresh() {
    try {
      terms.set(read());
    } catch (DataAccessException | TransactionException e) {
      LOG.warn("fees stay as they were: {}", e.toString());
    }
  }

  private Map<MerchantId, FeeTerms> read() {
    return client
        .sql("SELECT * FROM merchant_fee WHERE flat > 0 OR basis_points > 0")
        .query(
            (row, number) ->
                Map.entry(
                    new MerchantId(text(row, "merchant_id")),
                    new FeeTerms(amount(row, "flat"), row.getInt("basis_points"))))
        .list()
        .stream()
        .collect(Collectors.toUnmodifiableMap(Map.Entry::getKey, Map.Entry::getValue));
  }
}
