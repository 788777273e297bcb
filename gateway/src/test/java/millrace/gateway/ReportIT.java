package millrace.gateway;

import static millrace.gateway.GatewayFixture.code;
import static millrace.gateway.GatewayFixture.json;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.net.URLEncoder;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.sql.SQLException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import millrace.gateway.GatewayFixture.Account;
import millrace.protocol.type.Ulid;
import millrace.testkit.TestDatabase;
import millrace.testkit.TestPostgres;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/// Files for the books: complete, in order, and as long as they have to be.
class ReportIT {
  private static final Instant NOON = Instant.parse("2026-11-29T12:00:00Z");
  private static final int PORTION = 100;
  private static final AtomicInteger PAYMENTS = new AtomicInteger();
  private static TestDatabase database;
  private static GatewayFixture gateway;
  private Account merchant;

  @BeforeAll
  static void start() throws IOException {
    database = TestPostgres.freshDatabase();
    gateway =
        new GatewayFixture(
            database,
            Map.of(
                "millrace.gateway.report.portion",
                "" + PORTION,
                "millrace.gateway.report.at-once-of-merchant",
                "1"));
  }

  @AfterAll
  static void stop() {
    gateway.close();
  }

  @BeforeEach
  void newMerchant() {
    merchant = gateway.merchant();
  }

  /// Goal: however the portions fall, each payment is there once.
  @Test
  void everyPaymentIsInTheFileOnceNewestFirst() throws Exception {
    payments(merchant, 2 * PORTION, "http://shop.example/a");
    payments(gateway.merchant(), 5, "http://shop.example/other");

    var lines = lines(get("/v1/reports/payments?format=jsonl"));

    assertThat(lines).hasSize(2 * PORTION);
    var ids = lines.stream().map(line -> field(line, "id")).toList();
    assertThat(ids).doesNotHaveDuplicates().isSortedAccordingTo((a, b) -> b.compareTo(a));
    assertThat(field(lines.getFirst(), "amount")).isEqualTo("" + 2 * PORTION);
    assertThat(field(lines.getFirst(), "created_at")).isEqualTo("2026-11-29T12:03:20Z");
    assertThat(lines.getFirst()).contains("\"decimals\":6", "\"asset\":\"0x", "\"payer\":\"0x");
  }

  @Test
  void aPeriodBeginsWithItsFirstInstantAndEndsBeforeItsLast() throws Exception {
    payments(merchant, 10, "http://shop.example/a");

    var lines =
        lines(
            get(
                "/v1/reports/payments?format=jsonl&"
                    + created("gte", NOON.plusSeconds(3))
                    + "&"
                    + created("lt", NOON.plusSeconds(6))));

    assertThat(lines.stream().map(line -> field(line, "amount"))).containsExactly("5", "4", "3");
  }

  @Test
  void aSpreadsheetReadsWhatSomebodyWroteIntoAUrl() throws Exception {
    payments(merchant, 1, "http://shop.example/?q=\"a,b\"\nc");

    var answer = get("/v1/reports/payments");

    assertThat(answer.headers().firstValue("Content-Type").orElse("")).startsWith("text/csv");
    assertThat(answer.headers().firstValue("Content-Disposition"))
        .contains("attachment; filename=\"payments.csv\"");
    assertThat(answer.body())
        .startsWith("id,created_at,status,amount,asset,decimals,channel,payer,resource\n")
        .endsWith("\"http://shop.example/?q=\"\"a,b\"\"\nc\"\n");
  }

  /// Goal: what a stranger wrote does not run on the bookkeeper's desk.
  @Test
  void aSpreadsheetIsGivenNoFormula() throws Exception {
    payments(merchant, 1, "=HYPERLINK(\"http://evil.example\")");

    assertThat(get("/v1/reports/payments").body())
        .endsWith("\"'=HYPERLINK(\"\"http://evil.example\"\")\"\n");
    assertThat(lines(get("/v1/reports/payments?format=jsonl")).getFirst())
        .contains("\"resource\":\"=HYPERLINK(");
  }

  @Test
  void aFileOfNothingIsEmptyButForItsHeader() {
    assertThat(get("/v1/reports/payments").body()).hasLineCount(1).startsWith("id,created_at");
    assertThat(get("/v1/reports/payments?format=jsonl").body()).isEmpty();
    assertThat(get("/v1/reports/payouts").body()).hasLineCount(1).startsWith("id,created_at");
  }

  @Test
  void payoutsAreExportedAsTheyStandWithTheLedger() {
    for (int i = 1; i <= 3; i++) {
      gateway.send(
          gateway
              .request("POST", "/v1/payouts", merchant.key())
              .header("Idempotency-Key", "p" + i)
              .POST(BodyPublishers.ofString("{\"amount\":\"" + i + "\"}")));
    }
    var lines = lines(get("/v1/reports/payouts?format=jsonl"));
    assertThat(lines.stream().map(line -> field(line, "amount"))).containsExactly("3", "2", "1");
    assertThat(lines(get("/v1/reports/payouts?format=jsonl&" + created("lt", NOON)))).isEmpty();
  }

  @Test
  void whatIsAskedForWronglyIsNamed() {
    var format = get("/v1/reports/payments?format=pdf");
    assertThat(format.statusCode()).isEqualTo(400);
    assertThat(json(format).get("param").stringValue()).isEqualTo("format");
    var created = get("/v1/reports/payments?created%5Bgte%5D=yesterday");
    assertThat(created.statusCode()).isEqualTo(400);
    assertThat(json(created).get("param").stringValue()).isEqualTo("created[gte]");
    var never = get("/v1/reports/payments?" + created("lt", Instant.MAX));
    assertThat(json(never).get("param").stringValue()).isEqualTo("created[lt]");
    var last = Instant.parse("9999-12-31T23:59:59Z");
    assertThat(get("/v1/reports/payments?" + created("lt", last)).statusCode()).isEqualTo(200);
  }

  /// Goal: a reader who is slow keeps its own place and nobody else's, and no connection of the
  /// database; what broke off looks like nothing but that.
  @Test
  void aSlowReaderHoldsUpOnlyItselfAndABrokenFileIsSeenToBeOne() throws Exception {
    payments(merchant, 60 * PORTION, "http://shop.example/" + "x".repeat(900));
    try (var slow = open(merchant)) {
      assertThat(slow.readLine()).startsWith("{\"id\":\"pay_");

      var second = get("/v1/reports/payments");
      assertThat(second.statusCode()).isEqualTo(429);
      assertThat(code(second)).isEqualTo("too-many-requests");
      var other = gateway.merchant();
      assertThat(gateway.get(other, "/v1/reports/payments").statusCode()).isEqualTo(200);
      // Whatever else the gateway does now and then is over soon.
      await().until(() -> idleInTransaction() == 0);
      sql("ALTER TABLE payment RENAME TO payment_away");
      try {
        assertThatThrownBy(() -> slow.lines().count()).hasCauseInstanceOf(IOException.class);
      } finally {
        sql("ALTER TABLE payment_away RENAME TO payment");
      }
    }
  }

  private static int idleInTransaction() throws SQLException {
    try (var connection = database.connect();
        var statement = connection.createStatement();
        var rows =
            statement.executeQuery(
                """
                SELECT count(*) FROM pg_stat_activity
                 WHERE datname = current_database() AND state LIKE 'idle in transaction%'
                """)) {
      rows.next();
      return rows.getInt(1);
    }
  }

  private static BufferedReader open(Account by) throws Exception {
    HttpResponse<InputStream> answer =
        gateway.http.send(
            gateway.request("GET", "/v1/reports/payments?format=jsonl", by.key()).build(),
            BodyHandlers.ofInputStream());
    return new BufferedReader(new InputStreamReader(answer.body(), StandardCharsets.UTF_8), 128);
  }

  /// One a second from noon on, of 1, 2, 3…
  private static void payments(Account of, int count, String resource) throws SQLException {
    try (var connection = database.connect();
        var insert =
            connection.prepareStatement(
                """
                INSERT INTO payment
                  (id, merchant_id, channel_id, payer, token, amount, resource, created_at)
                VALUES (?, ?, ?, ?, ?, ?, ?, ?::timestamptz)
                """)) {
      for (int i = 1; i <= count; i++) {
        var at = NOON.plusSeconds(i);
        var id = Ulid.of(at.minusMillis(80), Shop.numbered(PAYMENTS.incrementAndGet()));
        insert.setString(1, "pay_" + id);
        insert.setString(2, of.id());
        insert.setBytes(3, new byte[32]);
        insert.setBytes(4, new byte[20]);
        insert.setBytes(5, new byte[20]);
        insert.setInt(6, i);
        insert.setString(7, resource);
        insert.setString(8, at.toString());
        insert.addBatch();
      }
      insert.executeBatch();
    }
  }

  private static void sql(String statement) throws SQLException {
    try (var connection = database.connect();
        var plain = connection.createStatement()) {
      plain.execute(statement);
    }
  }

  private HttpResponse<String> get(String path) {
    return gateway.get(merchant, path);
  }

  private static String created(String end, Instant at) {
    return "created%5B" + end + "%5D=" + URLEncoder.encode(at.toString(), StandardCharsets.UTF_8);
  }

  private static List<String> lines(HttpResponse<String> answer) {
    assertThat(answer.statusCode()).as(answer.body()).isEqualTo(200);
    return new ArrayList<>(answer.body().lines().toList());
  }

  private static String field(String line, String name) {
    return GatewayFixture.JSON.readTree(line).get(name).stringValue();
  }
}
