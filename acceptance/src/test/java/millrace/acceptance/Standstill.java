package millrace.acceptance;

import java.sql.DriverManager;
import java.sql.SQLException;
import java.util.LinkedHashMap;
import java.util.Map;

/// What settlement has under way, for the message of a test that waited in vain: its database ends
/// with the test.
final class Standstill {
  private static final Map<String, String> QUESTIONS = new LinkedHashMap<>();

  static {
    QUESTIONS.put(
        "payouts", "SELECT * FROM payout WHERE state NOT IN ('PAID', 'FAILED') ORDER BY place");
    QUESTIONS.put("shortfall", "SELECT amount FROM shortfall");
    QUESTIONS.put(
        "promises",
        """
        SELECT count(*), sum(cumulative) AS promised, sum(requested) AS requested,
               sum(credited) AS credited, max(credited_block) AS read_in,
               sum(greatest(cumulative - credited, 0)) AS outstanding,
               (SELECT sum(total) FROM earning) AS earned,
               (SELECT sum(claimed - due) FROM claimable JOIN channel USING (channel_id)
                 WHERE claimed > due) AS claimed_credit FROM promise
        """);
    QUESTIONS.put(
        "promises of those who wait",
        """
        SELECT promise.*, payee.state, payee.attempt FROM promise LEFT JOIN payee USING (payee)
         WHERE payee IN (SELECT payee FROM payout WHERE state IN ('WAITING', 'PROMISED'))
        """);
    QUESTIONS.put("credits", "SELECT * FROM credit_batch ORDER BY id DESC LIMIT 4");
    QUESTIONS.put("claims", "SELECT * FROM claim_batch ORDER BY id DESC LIMIT 4");
    QUESTIONS.put(
        "unclaimed",
        """
        SELECT due - claimed AS owed, batch_id, failures, not_before, withdrawal, balance
          FROM claimable JOIN channel USING (channel_id) WHERE due > claimed
         ORDER BY 1 DESC LIMIT 20
        """);
    QUESTIONS.put(
        "transactions",
        """
        SELECT id, purpose, state, nonce, detail,
               (SELECT count(*) FROM chain_attempt WHERE transaction_id = id) AS attempts
          FROM chain_transaction ORDER BY id DESC LIMIT 8
        """);
    QUESTIONS.put("blocks", "SELECT min(number), max(number) FROM chain_block");
    QUESTIONS.put("cursor", "SELECT * FROM chain_cursor");
    QUESTIONS.put("now", "SELECT now()");
  }

  private Standstill() {}

  static String of(Hub hub) {
    var told = new StringBuilder();
    var url = hub.postgres().jdbcUrl("settlement");
    try (var connection = DriverManager.getConnection(url, hub.postgres().user(), "");
        var statement = connection.createStatement()) {
      for (var question : QUESTIONS.entrySet()) {
        told.append("\n  ").append(question.getKey()).append(':');
        var sql = "SELECT row_to_json(rows) FROM (" + question.getValue() + ") AS rows";
        try (var rows = statement.executeQuery(sql)) {
          while (rows.next()) told.append("\n    ").append(rows.getString(1));
        }
      }
    } catch (SQLException e) {
      told.append("\n  settlement's database does not tell: ").append(e.getMessage());
    }
    return told.toString();
  }
}
