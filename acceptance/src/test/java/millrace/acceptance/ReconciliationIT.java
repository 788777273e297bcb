package millrace.acceptance;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import millrace.protocol.type.Amount;
import millrace.standalone.hub.HubProcess;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;

/// The books of a hub at work agree, and whatever somebody does to one of them is named to
/// the unit.
class ReconciliationIT {
  private static final Amount PRICE = Amount.of(100);
  private static final Duration LIMIT = Duration.ofMinutes(2);
  private static final Map<String, String> OPERATOR =
      Map.of("Authorization", "Bearer " + Hub.OPERATOR_KEY);

  private final Hub hub;
  private final Upstream upstream = new Upstream();

  ReconciliationIT() throws Exception {
    hub = Hub.running();
  }

  @AfterEach
  void close() {
    upstream.close();
  }

  @Test
  void everyKindOfDifferenceIsNamedToTheUnit() throws Exception {
    var merchant = Merchant.at(hub, "Ida");
    var url = merchant.route(upstream, PRICE);
    var payer = Spender.at(hub, "books-" + System.nanoTime());
    for (int i = 0; i < 10; i++) payer.mustPay(url);
    merchant.payOut(LIMIT);
    for (int i = 0; i < 5; i++) payer.mustPay(url);
    Eventually.holds("the books agree", LIMIT, () -> differences("").isEmpty());
    assertThat(commandLine()).isZero();

    // A ledger row was altered: a merchant's account has 7 less than was ever posted to it. More,
    // and settlement might promise what nobody earned, out of what is other merchants'.
    var account =
        "UPDATE ledger_account SET balance = balance %s WHERE kind = 'MERCHANT' AND owner = '"
            + merchant.id()
            + "' AND stripe = "
            + fullestStripe(merchant);
    alter("channel", account.formatted("- 7"));
    assertThat(differences("?journal=true"))
        .isEqualTo(Map.of("ledger_balance", "-7", "account MERCHANT " + merchant.id(), "-7"));
    assertThat(commandLine()).isEqualTo(1);
    alter("channel", account.formatted("+ 7"));

    // A claim that the ledger never heard of: 13 are claimed on chain and locked in the ledger.
    var claim = "UPDATE ledger_account SET balance = balance %s 13 WHERE kind = '%s'";
    alter("channel", claim.formatted("+", "CLAIMED"));
    alter("channel", claim.formatted("-", "ESCROW"));
    assertThat(differences("")).isEqualTo(Map.of("claimed", "-13", "escrow", "13"));
    alter("channel", claim.formatted("-", "CLAIMED"));
    alter("channel", claim.formatted("+", "ESCROW"));

    // A payout that settlement has forgotten.
    var paid = "UPDATE payout SET amount = amount %s 3 WHERE merchant_id = '" + merchant.id() + "'";
    alter("settlement", paid.formatted("-"));
    assertThat(differences("")).isEqualTo(Map.of("paid", "3"));
    alter("settlement", paid.formatted("+"));

    // Tokens that came into the vault from outside.
    hub.chain().mint(hub.chain().deployment().vault(), Amount.of(5));
    Eventually.holds(
        "the gift is in a final block",
        LIMIT,
        () -> report("").path("vault").path("reserve").stringValue().equals("5"));
    assertThat(differences("")).isEqualTo(Map.of("vault", "5"));
    Progress.say("reconciliation: agreed, then named 7, 13, 3 and 5 units where they differed");
  }

  /// By name of the line.
  private Map<String, String> differences(String query) throws Exception {
    var differences = new TreeMap<String, String>();
    for (var line : report(query).path("lines")) {
      var difference = line.path("difference").stringValue();
      if (!difference.equals("0")) differences.put(line.path("name").stringValue(), difference);
    }
    return differences;
  }

  private JsonNode report(String query) throws Exception {
    return Rest.json(Rest.get(hub.gateway("/v1/admin/reconciliation" + query), OPERATOR));
  }

  private int fullestStripe(Merchant merchant) throws SQLException {
    var question =
        "SELECT stripe FROM ledger_account WHERE kind = 'MERCHANT' AND owner = '%s'"
            .formatted(merchant.id());
    try (var connection = connect("channel");
        var statement = connection.createStatement();
        var rows = statement.executeQuery(question + " ORDER BY balance DESC LIMIT 1")) {
      assertThat(rows.next()).isTrue();
      return rows.getInt(1);
    }
  }

  private void alter(String database, String sql) throws SQLException {
    try (var connection = connect(database);
        var statement = connection.createStatement()) {
      assertThat(statement.executeUpdate(sql)).as(sql).isPositive();
    }
  }

  private Connection connect(String database) throws SQLException {
    var url = hub.postgres().jdbcUrl(database);
    return DriverManager.getConnection(url, hub.postgres().user(), "");
  }

  /// What `./millrace reconcile` ends with.
  private int commandLine() throws Exception {
    var command =
        List.of(
            Path.of(System.getProperty("java.home"), "bin", "java").toString(),
            "-XX:TieredStopAtLevel=1",
            "-XX:+UseSerialGC",
            "--enable-native-access=ALL-UNNAMED",
            "@" + HubProcess.classPath(hub.directory()),
            "millrace.standalone.Main",
            "reconcile",
            "--url",
            hub.gateway("").toString(),
            "--operator-key",
            Hub.OPERATOR_KEY);
    var process = new ProcessBuilder(command).redirectErrorStream(true).start();
    var out = new String(process.getInputStream().readAllBytes(), UTF_8);
    assertThat(process.waitFor(120, TimeUnit.SECONDS)).as("it ends; it says: %s", out).isTrue();
    assertThat(out).as("ended with %d", process.exitValue()).contains("promises_covered");
    return process.exitValue();
  }
}
