package millrace.channel.book;

import java.util.List;
import millrace.channel.sql.Columns;
import millrace.messaging.command.ExposureView.OfPayer;
import millrace.protocol.type.Address;
import millrace.protocol.type.Amount;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Repository;
import org.springframework.transaction.annotation.Propagation;
import org.springframework.transaction.annotation.Transactional;

/// What the hub would lose if nothing but final deposits were there, channel by channel.
@Repository
public class Exposures {
  private final JdbcClient client;

  Exposures(JdbcClient client) {
    this.client = client;
  }

  /// Lets one transaction at a time grant early credit, until it ends.
  @Transactional(propagation = Propagation.MANDATORY)
  public void exclude() {
    client
        .sql("SELECT pg_advisory_xact_lock(hashtextextended('early credit', 0))")
        .query((row, number) -> number)
        .single();
  }

  public Amount used() {
    return client
        .sql("SELECT coalesce(sum(amount), 0) AS used FROM exposure")
        .query((row, number) -> Columns.amount(row, "used"))
        .single();
  }

  public Amount used(Address payer) {
    return client
        .sql("SELECT coalesce(sum(amount), 0) AS used FROM exposure WHERE payer = ?")
        .param(payer.toArray())
        .query((row, number) -> Columns.amount(row, "used"))
        .single();
  }

  public List<OfPayer> most(int count) {
    return client
        .sql(
            """
            SELECT payer, sum(amount) AS used FROM exposure
             GROUP BY payer ORDER BY used DESC, payer LIMIT ?
            """)
        .param(count)
        .query(
            (row, number) ->
                new OfPayer(Columns.address(row, "payer"), Columns.amount(row, "used")))
        .list();
  }

  /// Notes what became of a channel's exposure.
  public void note(ChannelRow before, ChannelRow after) {
    var exposure = after.account().exposure();
    if (exposure.equals(before.account().exposure())) return;
    if (exposure.isZero()) {
      client.sql("DELETE FROM exposure WHERE channel_id = ?").param(after.id().toArray()).update();
      return;
    }
    client
        .sql(
            """
            INSERT INTO exposure (channel_id, payer, amount) VALUES (?, ?, ?)
            ON CONFLICT (channel_id) DO UPDATE SET amount = excluded.amount
            """)
        .params(Columns.list(after.id(), after.config().payer(), exposure))
        .update();
  }
}
