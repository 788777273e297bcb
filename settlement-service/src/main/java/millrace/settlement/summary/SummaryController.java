package millrace.settlement.summary;

import java.util.Map;
import java.util.TreeMap;
import millrace.chain.follower.BlockFollower;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.RestController;

/// For demonstrations, tests and whoever wants to know what settlement costs.
@RestController
class SummaryController {
  private final JdbcClient jdbc;
  private final BlockFollower follower;

  SummaryController(JdbcClient jdbc, BlockFollower follower) {
    this.jdbc = jdbc;
    this.follower = follower;
  }

  @GetMapping("/internal/settlement")
  Summary summary() {
    var gas = gasByPurpose();
    var status = follower.status();
    return new Summary(
        count("SELECT count(*) FROM claim_batch WHERE state = 'CONFIRMED'"),
        count(
            """
            SELECT count(*) FROM claim_row JOIN claim_batch ON id = batch_id
             WHERE state = 'CONFIRMED' AND skipped IS NULL
            """),
        count(
            """
            SELECT count(*) FROM chain_transaction
             WHERE purpose LIKE 'deposit/%' AND state = 'SUCCEEDED'
            """),
        count("SELECT count(*) FROM deposit WHERE state = 'CONFIRMED'"),
        count("SELECT count(*) FROM refund WHERE state = 'CONFIRMED'"),
        count("SELECT count(*) FROM credit_batch WHERE state = 'CONFIRMED'"),
        count("SELECT count(*) FROM payout WHERE state = 'PAID'"),
        count("SELECT count(*) FROM payout WHERE state IN ('WAITING', 'PROMISED')"),
        count("SELECT count(*) FROM chain_transaction WHERE state IN ('WAITING', 'SENDING')"),
        gas.values().stream().mapToLong(Long::longValue).sum(),
        gas,
        status.head(),
        status.finalBlock());
  }

  private Map<String, Long> gasByPurpose() {
    var gas = new TreeMap<String, Long>();
    jdbc.sql(
            """
            SELECT split_part(purpose, '/', 1) AS kind, sum(gas_used)::bigint AS gas
              FROM chain_transaction WHERE gas_used IS NOT NULL GROUP BY 1
            """)
        .query((row, _) -> Map.entry(row.getString("kind"), row.getLong("gas")))
        .list()
        .forEach(entry -> gas.put(entry.getKey(), entry.getValue()));
    return gas;
  }

  private long count(String sql) {
    return jdbc.sql(sql).query(Long.class).single();
  }
}
