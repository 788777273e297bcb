package millrace.settlement.claim;

import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.List;
import millrace.chain.contract.ClaimRow;
import millrace.protocol.channel.SignedVoucher;
import millrace.protocol.channel.Voucher;
import millrace.protocol.type.ChannelId;
import millrace.settlement.sql.Columns;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Component;

/// What each batch claims.
@Component
class ClaimRows {
  private final JdbcClient jdbc;

  ClaimRows(JdbcClient jdbc) {
    this.jdbc = jdbc;
  }

  void add(long batch, ClaimRow row) {
    var voucher = row.voucher().voucher();
    jdbc.sql(
            """
            INSERT INTO claim_row (batch_id, channel_id, ceiling, signature, total_claimed)
            VALUES (:batch, :channel, :ceiling, :signature, :total)
            """)
        .param("batch", batch)
        .param("channel", voucher.channelId().toArray())
        .param("ceiling", Columns.write(voucher.ceiling()))
        .param("signature", row.voucher().signature().toArray())
        .param("total", Columns.write(row.totalClaimed()))
        .update();
  }

  List<ClaimRow> of(long batch) {
    return jdbc.sql(
            """
            SELECT * FROM claim_row JOIN channel USING (channel_id)
             WHERE batch_id = :batch ORDER BY channel_id
            """)
        .param("batch", batch)
        .query((row, _) -> row(row))
        .list();
  }

  void skipped(long batch, ChannelId id, String reason) {
    jdbc.sql(
            """
            UPDATE claim_row SET skipped = :reason
             WHERE batch_id = :batch AND channel_id = :channel
            """)
        .param("reason", reason)
        .param("batch", batch)
        .param("channel", id.toArray())
        .update();
  }

  private static ClaimRow row(ResultSet row) throws SQLException {
    var id = Columns.channelId(row, "channel_id");
    var voucher = new Voucher(id, Columns.amount(row, "ceiling"));
    return new ClaimRow(
        Columns.config(row),
        new SignedVoucher(voucher, Columns.signature(row, "signature")),
        Columns.amount(row, "total_claimed"));
  }
}
