package millrace.channel.sql;

import java.time.Instant;
import java.util.List;
import java.util.Optional;
import millrace.channel.web.BadRequest;
import millrace.messaging.command.ListQuery;
import millrace.protocol.type.MerchantId;
import org.springframework.jdbc.core.RowMapper;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Component;

/// What a merchant has in a table, the newest first. Ids made later sort later.
@Component
public class MerchantList {
  private static final int LONGEST_PAGE = 200;

  private final JdbcClient client;

  MerchantList(JdbcClient client) {
    this.client = client;
  }

  /// @param table with the columns `id`, `merchant_id`, `status` and `created_at`, and with
  ///     `payment_id` if a payment is asked for
  public <T> List<T> of(String table, MerchantId merchant, ListQuery query, RowMapper<T> mapper) {
    if (query.limit() < 1 || query.limit() > LONGEST_PAGE) {
      throw new BadRequest("limit is 1 to " + LONGEST_PAGE);
    }
    var sql = new StringBuilder("SELECT * FROM " + table + " WHERE merchant_id = :merchant");
    if (query.startingAfter().isPresent()) sql.append(" AND id < :after");
    if (query.status().isPresent()) sql.append(" AND status = :status");
    if (query.payment().isPresent()) sql.append(" AND payment_id = :payment");
    if (query.from().isPresent()) sql.append(" AND created_at >= :from");
    if (query.to().isPresent()) sql.append(" AND created_at < :to");
    return client
        .sql(sql.append(" ORDER BY id DESC LIMIT :limit").toString())
        .param("merchant", merchant.value())
        .param("after", query.startingAfter().orElse(""))
        .param("status", query.status().orElse(""))
        .param("payment", query.payment().orElse(""))
        .param("from", time(query.from()))
        .param("to", time(query.to()))
        .param("limit", query.limit())
        .query(mapper)
        .list();
  }

  private static Object time(Optional<Instant> at) {
    return at.<Object>map(Columns::write).orElse("");
  }
}
