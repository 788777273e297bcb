package millrace.gateway;

import static millrace.gateway.GatewayFixture.json;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.sql.SQLException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.function.Supplier;
import javax.sql.DataSource;
import millrace.gateway.GatewayFixture.Account;
import millrace.gateway.payment.PaymentLog;
import millrace.gateway.tenancy.Tenancy;
import millrace.messaging.ReceivedEvent;
import millrace.messaging.event.ChannelEvent.PaymentAccepted;
import millrace.protocol.type.Amount;
import millrace.protocol.type.MerchantId;
import millrace.protocol.type.PaymentId;
import millrace.testkit.TestDatabase;
import millrace.testkit.TestPostgres;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.springframework.dao.DataAccessException;
import org.springframework.jdbc.core.simple.JdbcClient;

/// PostgreSQL itself shows a request no rows but its merchant's, whatever the query forgets.
class TenantRowsIT {
  private static final String WRITER = "millrace_payment_writer";

  private static TestDatabase database;
  private static GatewayFixture gateway;
  private static JdbcClient jdbc;
  private static Account one;
  private static Account other;

  @BeforeAll
  static void start() throws IOException {
    database = TestPostgres.freshDatabase();
    gateway = new GatewayFixture(database, Map.of());
    jdbc = JdbcClient.create(gateway.context.getBean(DataSource.class));
    one = gateway.merchant();
    other = gateway.merchant();
    for (var merchant : List.of(one, other)) {
      gateway.route(merchant, "5", "");
      var hook =
          json(
              gateway.post(
                  merchant,
                  "/v1/webhook_endpoints",
                  "{\"url\":\"%s/hook\",\"events\":[\"payment.succeeded\"]}"
                      .formatted(gateway.upstream.url())));
      gateway.post(merchant, "/v1/webhook_endpoints/" + hook.get("id").stringValue() + "/test", "");
    }
  }

  @AfterAll
  static void stop() {
    gateway.close();
  }

  @Test
  void aQueryWithoutAWhereClauseSeesNothingOfAnother() {
    for (var table :
        List.of(
            "api_key", "route", "webhook_endpoint", "webhook_message", "audit_entry", "merchant")) {
      var owner = table.equals("merchant") ? "id" : "merchant_id";
      Supplier<List<String>> owners =
          () -> jdbc.sql("SELECT DISTINCT " + owner + " FROM " + table).query(String.class).list();
      assertThat(as(one, owners)).as(table).containsExactly(one.id());
      assertThat(as(other, owners)).as(table).containsExactly(other.id());
      assertThat(owners.get()).as("the gateway itself").contains(one.id(), other.id());
    }
    assertThat(as(one, () -> count("webhook_delivery"))).isEqualTo(1);
    assertThat(count("webhook_delivery")).isEqualTo(2);
  }

  @Test
  void nobodyWritesForAnother() {
    assertThat(as(one, () -> jdbc.sql("UPDATE route SET price = 1").update())).isEqualTo(1);
    assertThat(
            as(
                one,
                () ->
                    jdbc.sql("DELETE FROM webhook_endpoint WHERE merchant_id = ?")
                        .param(other.id())
                        .update()))
        .isZero();
    assertThatThrownBy(
            () ->
                as(
                    one,
                    () ->
                        jdbc.sql(
                                """
                                INSERT INTO audit_entry
                                SELECT replace(id, 'aud_0', 'aud_1'), ?, actor, action, object,
                                       request_id, ip, created_at
                                  FROM audit_entry LIMIT 1
                                """)
                            .param(other.id())
                            .update()))
        .isInstanceOf(DataAccessException.class)
        .rootCause()
        .hasMessageContaining("row-level security");
  }

  @Test
  void whatWasDoneIsNeverChangedByAnybody() {
    for (var statement :
        List.of(
            "UPDATE audit_entry SET actor = 'nobody'",
            "DELETE FROM audit_entry",
            "TRUNCATE audit_entry")) {
      assertThatThrownBy(() -> jdbc.sql(statement).update()).hasMessageContaining("never changed");
      assertThatThrownBy(() -> as(one, () -> jdbc.sql(statement).update()))
          .rootCause()
          .hasMessageContaining("permission denied");
    }
  }

  @Test
  void whoeverHasNotSaidWhoTheyAreSeesNothing() {
    var nobody = new MerchantId("mer_" + "0".repeat(26));
    Tenancy.actFor(nobody);
    try {
      assertThat(count("merchant")).isZero();
      assertThat(count("api_key")).isZero();
      assertThat(count("payment")).isZero();
    } finally {
      Tenancy.actForOperator();
    }
  }

  /// Goal: a table that somebody adds is protected, or a test fails.
  @Test
  void everyTableThatTenantsReachHasAPolicy() throws SQLException {
    var open = new ArrayList<String>();
    try (var connection = database.connect();
        var statement = connection.createStatement();
        var rows =
            statement.executeQuery(
                """
                SELECT relname FROM pg_class
                 WHERE relnamespace = 'public'::regnamespace AND relkind IN ('r', 'p')
                   AND NOT relrowsecurity AND NOT relispartition
                   AND has_table_privilege('millrace_tenant', oid,
                                           'SELECT, INSERT, UPDATE, DELETE')
                """)) {
      while (rows.next()) open.add(rows.getString(1));
    }
    assertThat(open)
        .as("tables that need SELECT keep_to_tenant('…'), or REVOKE, in their migration")
        .isEmpty();
  }

  /// Goal: a rule that somebody makes too wide is noticed, whatever the table holds here.
  @Test
  void everyPolicyAsksWhoseTheRowIs() throws SQLException {
    var wide = new ArrayList<String>();
    try (var connection = database.connect();
        var statement = connection.createStatement();
        var rows =
            statement.executeQuery(
                """
                SELECT tablename, qual FROM pg_policies
                 WHERE 'millrace_tenant' = ANY (roles) AND qual !~
                   '^\\((merchant_id|id) = current_setting\\(''millrace.merchant''|^\\(EXISTS \\('
                """)) {
      while (rows.next()) wide.add(rows.getString(1) + ": " + rows.getString(2));
    }
    assertThat(wide).isEmpty();
  }

  /// Goal: whoever writes payments down adds them, and does nothing else to anything.
  @Test
  void theWriterOfPaymentsOnlyAddsThem() throws SQLException {
    try (var session = database.connect();
        var statement = session.createStatement()) {
      statement.execute("SET ROLE " + WRITER);
      for (var wrong :
          List.of(
              "UPDATE payment SET amount = 0",
              "DELETE FROM payment",
              "TRUNCATE payment",
              "SELECT amount FROM payment",
              "SELECT FROM merchant",
              "SELECT FROM api_key",
              "INSERT INTO balance_entry SELECT * FROM balance_entry",
              "CREATE TABLE mine (id text)")) {
        assertThatThrownBy(() -> statement.execute(wrong))
            .as(wrong)
            .isInstanceOfSatisfying(
                SQLException.class, e -> assertThat(e.getSQLState()).isEqualTo("42501"));
      }
    }
    assertThatThrownBy(
            () -> as(one, () -> jdbc.sql("UPDATE payment SET resource = 'mine'").update()))
        .rootCause()
        .hasMessageContaining("permission denied");
  }

  /// Goal: the running gateway does write payments down as that role: not without its right, which
  /// the login role has anyway.
  @Test
  void paymentsAreWrittenDownByTheirWriter() {
    var log = gateway.context.getBean(PaymentLog.class);
    var event = List.of(new ReceivedEvent(UUID.randomUUID(), Instant.now(), "", paid()));
    var before = count("payment");
    jdbc.sql("REVOKE INSERT ON payment FROM " + WRITER).update();
    try {
      assertThatThrownBy(() -> log.take(event))
          .rootCause()
          .hasMessageContaining("permission denied");
    } finally {
      jdbc.sql("GRANT INSERT ON payment TO " + WRITER).update();
    }
    assertThat(count("payment")).isEqualTo(before);
    log.take(event);
    log.take(event);
    assertThat(count("payment")).isEqualTo(before + 1);
  }

  private static PaymentAccepted paid() {
    var payer = Payer.fresh();
    var amount = Amount.of(1);
    return new PaymentAccepted(
        new PaymentId("pay_" + "%026d".formatted(System.nanoTime())),
        payer.channelId(),
        payer.channel(),
        new MerchantId(one.id()),
        amount,
        amount,
        payer.keys().voucher(Payer.offer(1), payer.channel(), amount).voucher(),
        1,
        "/thing",
        Instant.now());
  }

  private static long count(String table) {
    return jdbc.sql("SELECT count(*) FROM " + table).query(Long.class).single();
  }

  private static <T> T as(Account merchant, Supplier<T> work) {
    Tenancy.actFor(new MerchantId(merchant.id()));
    try {
      return work.get();
    } finally {
      Tenancy.actForOperator();
    }
  }
}
