package millrace.channel;

import static millrace.channel.PaymentsIT.taken;
import static millrace.channel.TestHub.merchant;
import static millrace.channel.TestHub.request;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import millrace.messaging.MessagingJson;
import millrace.messaging.command.PaymentCommand;
import millrace.messaging.command.PaymentCommand.Charge;
import millrace.messaging.command.PaymentRequest;
import millrace.messaging.command.PaymentStatus;
import millrace.messaging.command.PayoutCommand;
import millrace.messaging.command.PayoutOutcome;
import millrace.protocol.type.Amount;
import millrace.protocol.type.MerchantId;
import millrace.protocol.type.PayoutId;
import millrace.testkit.Persona;
import millrace.testkit.TestPostgres;
import org.flywaydb.core.Flyway;
import org.junit.jupiter.api.Test;
import tools.jackson.core.type.TypeReference;

/// Batches of payments run as a role that may do what they need, and nothing else.
final class PaymentWriterIT {
  private static final String ROLE = "millrace_payment_writer";

  private final TestHub hub = TestHub.shared();
  private final MerchantId merchant = merchant();

  /// Goal: what a batch has no business with is refused by PostgreSQL, whatever the code says.
  @Test
  void mayNotDoWhatNoPaymentNeeds() throws SQLException {
    try (var session = as(ROLE)) {
      for (var statement :
          List.of(
              "UPDATE channel SET balance = balance + 1",
              "UPDATE channel SET claimed = 0",
              "UPDATE channel SET reserved_refund = 0",
              "UPDATE channel SET returned = 0",
              "UPDATE channel SET withdrawal_block = NULL",
              "UPDATE channel SET lost = FALSE",
              "UPDATE channel SET payer = payer_authorizer",
              "INSERT INTO channel SELECT * FROM channel",
              "DELETE FROM channel",
              "UPDATE payment SET price = 1",
              "UPDATE payment SET merchant_id = 'mer_other'",
              "UPDATE payment SET channel_id = channel_id",
              "UPDATE payment SET held_until = now()",
              "DELETE FROM payment",
              "TRUNCATE payment",
              "SELECT FROM ledger_transfer",
              "UPDATE ledger_transfer SET amount = 1",
              "DELETE FROM ledger_transfer",
              "ALTER TABLE ledger_transfer DISABLE TRIGGER ALL",
              "UPDATE ledger_account SET owner = 'mer_other'",
              "DELETE FROM ledger_account",
              "DELETE FROM outbox",
              "UPDATE outbox SET body = ''",
              "UPDATE guard SET charged = 1",
              "INSERT INTO exposed_total VALUES (99, 0)",
              "SELECT FROM payout",
              "UPDATE give_back SET amount = 1",
              "UPDATE merchant_fee SET flat = 0",
              "SELECT FROM answered_command",
              "SELECT FROM flyway_schema_history",
              "CREATE TABLE mine (id TEXT)")) {
        assertThatThrownBy(() -> run(session, statement))
            .as(statement)
            .isInstanceOfSatisfying(
                SQLException.class, e -> assertThat(e.getSQLState()).isEqualTo("42501"));
      }
      assertThatCode(() -> run(session, "SELECT FROM payment LIMIT 1")).doesNotThrowAnyException();
    }
  }

  /// Goal: nobody gives the role more by and by.
  @Test
  void deletesAndEmptiesNothingAtAll() {
    assertThat(
            hub.sql()
                .sql(
                    """
                    SELECT relname FROM pg_class
                     WHERE relnamespace = 'public'::regnamespace AND relkind IN ('r', 'p')
                       AND has_table_privilege(?, oid, 'DELETE, TRUNCATE, TRIGGER, REFERENCES')
                    """)
                .param(ROLE)
                .query(String.class)
                .list())
        .isEmpty();
  }

  /// Goal: the service's batches do run as that role. Without a right of its that the login role
  /// has, payments are not taken, and payouts, which write the same table, are.
  @Test
  void writesThePaymentsOfTheRunningService() throws SQLException {
    var channel = hub.open(1_000);
    taken(hub.charge(request(channel, merchant, 500, 500)));
    var request = request(channel, merchant, 600, 100);
    grant("REVOKE INSERT ON outbox FROM " + ROLE);
    try {
      assertThat(hub.post(0, "/internal/payments", json(request)).statusCode()).isEqualTo(503);
      assertThat(hub.channel(channel.id()).charged()).isEqualTo(Amount.of(500));
      assertThat(payout()).isInstanceOf(PayoutOutcome.Taken.class);
    } finally {
      grant("GRANT INSERT ON outbox TO " + ROLE);
    }
    assertThat(taken(hub.charge(request)).replayed()).isFalse();
    var held = request(channel, merchant, 700, 100);
    taken(hub.reserve(held, Instant.now().plusSeconds(60)));
    assertThat(taken(hub.capture(held, 40)).status()).isEqualTo(PaymentStatus.CHARGED);
  }

  /// Goal: a database user that may not create roles is told what to do, and then needs no more.
  @Test
  void aUserWithoutTheRoleIsToldWhatIsMissing() throws SQLException {
    var database = TestPostgres.freshDatabase();
    var user = "user_" + database.name();
    var migrations =
        Flyway.configure()
            .dataSource(database.jdbcUrl(), user, "secret")
            .locations("classpath:db/messaging", "classpath:db/channel")
            .outOfOrder(true)
            .load();
    try (var administrator = database.connect()) {
      run(administrator, "CREATE ROLE " + user + " LOGIN PASSWORD 'secret'");
      run(administrator, "ALTER DATABASE " + database.name() + " OWNER TO " + user);
      assertThatThrownBy(migrations::migrate)
          .hasMessageContaining(user + " may not use the role " + ROLE)
          .hasMessageContaining("GRANT " + ROLE + " TO " + user);

      run(administrator, "GRANT " + ROLE + " TO " + user);
      migrations.migrate();
      try (var session = DriverManager.getConnection(database.jdbcUrl(), user, "secret")) {
        run(session, "SET ROLE " + ROLE);
        run(session, "SELECT FROM payment");
        assertThatThrownBy(() -> run(session, "DELETE FROM payment"))
            .hasMessageContaining("permission denied");
      }
    }
  }

  private PayoutOutcome payout() {
    var id = TestHub.id();
    return hub.post(
        "/internal/payouts",
        new PayoutCommand(
            new PayoutId("po_" + id),
            merchant,
            Persona.MERCHANT.address(),
            hub.terms().token().address(),
            Optional.of(Amount.of(1)),
            "key-" + id,
            "print"),
        PayoutOutcome.class);
  }

  private static String json(PaymentRequest request) {
    return MessagingJson.mapper()
        .writerFor(new TypeReference<List<PaymentCommand>>() {})
        .writeValueAsString(List.of(new Charge(request)));
  }

  private void grant(String statement) {
    hub.sql().sql(statement).update();
  }

  /// A session of its own, so that nobody gets it with that role.
  private Connection as(String role) throws SQLException {
    var settings = hub.replica(0).getEnvironment();
    var session =
        DriverManager.getConnection(
            settings.getRequiredProperty("spring.datasource.url"),
            settings.getRequiredProperty("spring.datasource.username"),
            settings.getRequiredProperty("spring.datasource.password"));
    run(session, "SET ROLE " + role);
    session.setAutoCommit(false);
    return session;
  }

  private static void run(Connection session, String sql) throws SQLException {
    try (var statement = session.createStatement()) {
      statement.execute(sql);
    } finally {
      if (!session.getAutoCommit()) session.rollback();
    }
  }
}
