package millrace.gateway.webhook;

import java.math.BigDecimal;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.OffsetDateTime;
import java.util.List;
import java.util.Optional;
import millrace.gateway.metadata.Metadata;
import millrace.gateway.page.PageRequest;
import millrace.gateway.page.Period;
import millrace.gateway.webhook.Messages.Told;
import millrace.protocol.type.Address;
import millrace.protocol.type.Amount;
import millrace.protocol.type.ChannelId;
import millrace.protocol.type.MerchantId;
import millrace.protocol.type.PaymentId;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Repository;

/// The events of payments that nobody was told of, made from the payments. They have the ids and
/// bodies that they would have been sent with, so a payment of a merchant who never asks costs
/// nothing more.
@Repository
class PaymentEvents {
  private static final String COLUMNS =
      "id, channel_id, payer, token, amount, resource, created_at,"
          + " (SELECT metadata FROM payment_note WHERE payment_id = payment.id) AS metadata";

  private final JdbcClient jdbc;
  private final NoticeBodies bodies;

  PaymentEvents(JdbcClient jdbc, NoticeBodies bodies) {
    this.jdbc = jdbc;
    this.bodies = bodies;
  }

  Optional<Told> find(MerchantId merchant, String id) {
    return jdbc.sql("SELECT " + COLUMNS + " FROM payment WHERE merchant_id = ? AND id = ?")
        .param(merchant.value())
        .param(payment(id))
        .query(this::told)
        .optional();
  }

  List<Told> page(
      MerchantId merchant, Optional<ChannelId> channel, Period period, PageRequest page) {
    var ofChannel = channel.isPresent() ? " AND channel_id = :channel" : "";
    var query =
        jdbc.sql(
                "SELECT "
                    + COLUMNS
                    + " FROM payment WHERE merchant_id = :merchant"
                    + " AND id < :before AND id >= :from AND id < :to"
                    + ofChannel
                    + " ORDER BY id DESC LIMIT :limit")
            .param("merchant", merchant.value())
            .param("before", payment(page.before()))
            .param("from", period.fromId("pay_"))
            .param("to", period.toId("pay_"))
            .param("limit", page.limitAndOne());
    if (channel.isPresent()) query = query.param("channel", channel.get().toArray());
    return query.query(this::told).list();
  }

  private static String payment(String event) {
    return "pay_" + event.substring(Notice.PREFIX.length());
  }

  private Told told(ResultSet row, int number) throws SQLException {
    var id = new PaymentId(row.getString("id"));
    var channel = ChannelId.of(row.getBytes("channel_id"));
    var at = row.getObject("created_at", OffsetDateTime.class).toInstant();
    var data =
        bodies.payment(
            id,
            new Amount(new BigDecimal(row.getString("amount")).toBigIntegerExact()),
            Address.of(row.getBytes("token")),
            channel,
            Address.of(row.getBytes("payer")),
            row.getString("resource"),
            Metadata.ofJson(row.getString("metadata")),
            at);
    var event = Notice.id(id);
    return new Told(
        event,
        EventType.PAYMENT_SUCCEEDED,
        channel.toString(),
        bodies.envelope(event, EventType.PAYMENT_SUCCEEDED, at, data),
        at,
        0);
  }
}
