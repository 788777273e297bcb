package millrace.gateway;

import static millrace.gateway.GatewayFixture.json;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.http.HttpResponse;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import millrace.gateway.GatewayFixture.Account;
import millrace.protocol.type.Ulid;
import millrace.testkit.TestDatabase;
import millrace.testkit.TestPostgres;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;

/// Months that fit together, and the file behind them.
class StatementIT {
  private static final Instant OCTOBER = Instant.parse("2026-10-01T00:00:00Z");
  private static final Instant NOVEMBER = Instant.parse("2026-11-01T00:00:00Z");
  private static TestDatabase database;
  private static GatewayFixture gateway;
  private static int number;
  private Account merchant;

  @BeforeAll
  static void start() throws IOException {
    database = TestPostgres.freshDatabase();
    gateway = new GatewayFixture(database, Map.of("millrace.gateway.report.portion", "3"));
  }

  @AfterAll
  static void stop() {
    gateway.close();
  }

  /// The last instant of September, the first and last of October, the first of November.
  @BeforeEach
  void aMerchantWithABusyOctober() throws SQLException {
    merchant = gateway.merchant();
    paid(merchant, OCTOBER.minusMillis(1), OCTOBER.minusMillis(1), 1_000, 100);
    paid(merchant, OCTOBER, OCTOBER, 500, 50);
    paid(merchant, OCTOBER.plusSeconds(60), OCTOBER.plusSeconds(60), 300, 0);
    moved(merchant, "PAYOUT", OCTOBER.plusSeconds(70), 700);
    moved(merchant, "REFUND", OCTOBER.plusSeconds(80), 40);
    moved(merchant, "REFUND_FAILURE", OCTOBER.plusSeconds(90), 40);
    // Held in October and captured in November.
    paid(merchant, NOVEMBER.minus(Duration.ofDays(5)), NOVEMBER.plusSeconds(1), 80, 8);
    moved(merchant, "PAYOUT", NOVEMBER.minusMillis(1), 200);
    moved(merchant, "PAYOUT_FAILURE", NOVEMBER, 200);
    paid(gateway.merchant(), OCTOBER.plusSeconds(5), OCTOBER.plusSeconds(5), 9_999, 0);
  }

  /// Goal: opening and nets are closing, and closing is the next opening.
  @Test
  void eachMonthBeginsWhereTheOneBeforeEnded() {
    var october = json(get("/v1/reports/statement?month=2026-10"));
    assertThat(text(october, "opening")).isEqualTo("900");
    assertThat(net(october, "payment")).isEqualTo("750");
    assertThat(net(october, "payout")).isEqualTo("-900");
    assertThat(net(october, "refund")).isEqualTo("-40");
    assertThat(net(october, "refund_failure")).isEqualTo("40");
    assertThat(october.get("lines")).hasSize(4);
    assertThat(text(october, "closing")).isEqualTo("750");

    var november = json(get("/v1/reports/statement?month=2026-11"));
    assertThat(text(november, "opening")).isEqualTo("750");
    assertThat(net(november, "payment")).isEqualTo("72");
    assertThat(net(november, "payout_failure")).isEqualTo("200");
    assertThat(text(november, "closing")).isEqualTo("1022");

    var september = json(get("/v1/reports/statement?month=2026-09"));
    assertThat(text(september, "opening")).isEqualTo("0");
    assertThat(text(september, "closing")).isEqualTo("900");
  }

  @Test
  void aBookkeeperGetsItAsATable() {
    var answer = get("/v1/reports/statement?month=2026-10&format=csv");
    assertThat(answer.headers().firstValue("Content-Disposition"))
        .contains("attachment; filename=\"statement-2026-10.csv\"");
    assertThat(answer.body().lines())
        .containsExactly(
            "type,count,amount,fee,net",
            "opening,,,,900",
            "payment,2,800,50,750",
            "payout,2,-900,0,-900",
            "refund,1,-40,0,-40",
            "refund_failure,1,40,0,40",
            "closing,,,,750");
  }

  @Test
  void theFileOfAMonthHasAllThatItsStatementSums() {
    var period = "created%5Bgte%5D=2026-11-01T00:00:00Z&created%5Blt%5D=2026-12-01T00:00:00Z";
    var rows = rows("/v1/reports/balance_transactions?format=jsonl&" + period);
    assertThat(rows).extracting(row -> text(row, "net")).containsExactly("200", "72");
    assertThat(text(rows.getLast(), "fee")).isEqualTo("8");

    var all = rows("/v1/reports/balance_transactions?format=jsonl");
    assertThat(all).hasSize(9);
    assertThat(all.stream().mapToLong(row -> Long.parseLong(text(row, "net"))).sum())
        .isEqualTo(1_022);
    assertThat(get("/v1/reports/balance_transactions").body())
        .startsWith("id,created_at,type,amount,fee,net,asset,decimals,source\n")
        .hasLineCount(10);
  }

  @Test
  void whatIsAskedForWronglyIsNamed() {
    for (var month : List.of("2026", "yesterday", "2026-13", "9999-01", "1969-12", "")) {
      var answer = get("/v1/reports/statement?month=" + month);
      assertThat(answer.statusCode()).as(month).isEqualTo(400);
      assertThat(text(json(answer), "param")).isEqualTo("month");
    }
    assertThat(text(json(get("/v1/reports/statement")), "param")).isEqualTo("month");
    var format = get("/v1/reports/statement?month=2026-10&format=pdf");
    assertThat(text(json(format), "param")).isEqualTo("format");
  }

  private HttpResponse<String> get(String path) {
    return gateway.get(merchant, path);
  }

  private List<JsonNode> rows(String path) {
    return get(path).body().lines().map(GatewayFixture.JSON::readTree).toList();
  }

  private static String net(JsonNode statement, String type) {
    for (var line : statement.get("lines")) {
      if (text(line, "type").equals(type)) return text(line, "net");
    }
    return "none";
  }

  private static String text(JsonNode node, String name) {
    return node.get(name).stringValue();
  }

  private static void paid(Account of, Instant began, Instant charged, long amount, long fee)
      throws SQLException {
    try (var connection = database.connect();
        var insert =
            connection.prepareStatement(
                """
                INSERT INTO payment (id, merchant_id, channel_id, payer, token, amount, fee,
                                     resource, created_at, late)
                VALUES (?, ?, ?, ?, ?, ?, ?, '/thing', ?::timestamptz, ?)
                """)) {
      insert.setString(1, "pay_" + Ulid.of(began, Shop.numbered(++number)));
      insert.setString(2, of.id());
      insert.setBytes(3, new byte[32]);
      insert.setBytes(4, new byte[20]);
      insert.setBytes(5, new byte[20]);
      insert.setLong(6, amount);
      insert.setLong(7, fee);
      insert.setString(8, charged.toString());
      insert.setBoolean(9, charged.isAfter(began.plus(Duration.ofHours(1))));
      insert.executeUpdate();
    }
  }

  private static void moved(Account of, String type, Instant at, long amount) throws SQLException {
    try (var connection = database.connect();
        var insert =
            connection.prepareStatement(
                """
                INSERT INTO balance_entry (id, merchant_id, type, amount, token, source, created_at)
                VALUES (?, ?, ?, ?, ?, ?, ?::timestamptz)
                """)) {
      var ulid = Ulid.of(at, Shop.numbered(++number));
      insert.setString(1, "txn_" + ulid);
      insert.setString(2, of.id());
      insert.setString(3, type);
      insert.setLong(4, amount);
      insert.setBytes(5, new byte[20]);
      insert.setString(6, (type.startsWith("PAYOUT") ? "po_" : "re_") + ulid);
      insert.setString(7, at.toString());
      insert.executeUpdate();
    }
  }
}
