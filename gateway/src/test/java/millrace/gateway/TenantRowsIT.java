package millrace.gateway;

import static millrace.gateway.GatewayFixture.json;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;
import javax.sql.DataSource;
import millrace.gateway.GatewayFixture.Account;
import millrace.gateway.tenancy.Tenancy;
import millrace.protocol.type.MerchantId;
import millrace.testkit.TestDatabase;
import millrace.testkit.TestPostgres;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.springframework.dao.DataAccessException;
import org.springframework.jdbc.core.simple.JdbcClient;

/// PostgreSQL itself shows a request no rows but its merchant's, whatever the query forgets.
class TenantRowsIT {
  /// What is nobody's, or only the gateway's own.
  private static final List<String> OF_NOBODY = List.of("flyway_schema_history", "payee_told");

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
          .isInstanceOf(DataAccessException.class);
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
        .as("tables that need SELECT keep_to_tenant('…') in their migration")
        .isSubsetOf(OF_NOBODY);
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
