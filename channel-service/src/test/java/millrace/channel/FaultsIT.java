package millrace.channel;

import static millrace.channel.TestHub.merchant;
import static millrace.channel.TestHub.request;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import javax.sql.DataSource;
import millrace.embedded.LocalPostgres;
import millrace.messaging.MessagingJson;
import millrace.messaging.command.PaymentCommand;
import millrace.messaging.command.PaymentCommand.Charge;
import millrace.messaging.command.PaymentRequest;
import millrace.protocol.type.Amount;
import millrace.testkit.TestDatabase;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.core.type.TypeReference;

final class FaultsIT {
  private static final Duration PATIENCE = Duration.ofSeconds(60);

  private final TestHub hub = TestHub.shared();

  @Test
  void aTransactionKilledMidwayLeavesNothingAndMayBeAskedForAgain() throws Exception {
    var channel = hub.open(1_000);
    var merchant = merchant();
    hub.charge(request(channel, merchant, 10, 10));
    var request = request(channel, merchant, 60, 50);

    CompletableFuture<HttpResponse<String>> answer;
    try (var connection = hub.replica(0).getBean(DataSource.class).getConnection()) {
      connection.setAutoCommit(false);
      try (var lock = connection.prepareStatement("LOCK TABLE payment IN EXCLUSIVE MODE")) {
        lock.execute();
      }
      answer = CompletableFuture.supplyAsync(() -> post(hub, request));
      // It has changed the channel's row and waits with the journal.
      await().atMost(PATIENCE).until(() -> terminate() == 1);
      connection.rollback();
    }

    var response = answer.get(60, TimeUnit.SECONDS);
    assertThat(response.statusCode()).isEqualTo(503);
    assertThat(response.headers().firstValue("Retry-After")).isPresent();
    assertThat(hub.channel(channel.id()).charged()).isEqualTo(Amount.of(10));
    assertThat(PaymentsIT.taken(hub.charge(request)).replayed()).isFalse();
    assertThat(hub.channel(channel.id()).charged()).isEqualTo(Amount.of(60));
    assertThat(hub.ledger().accountsOff()).isZero();
  }

  private long terminate() {
    return hub.sql()
        .sql(
            """
            SELECT count(pg_terminate_backend(pid)) FROM pg_stat_activity
             WHERE datname = current_database() AND wait_event_type = 'Lock'
               AND query LIKE '%INSERT INTO payment%'
            """)
        .query(Long.class)
        .single();
  }

  @Test
  void saysWhenItHasNoDatabaseAndGoesOnWhenItIsBack(@TempDir Path directory) {
    try (var postgres = LocalPostgres.in(directory).stoppedByCaller().start()) {
      postgres.createDatabaseIfMissing("channel");
      var database = new TestDatabase("channel", postgres.jdbcUrl("channel"), postgres.user(), "");
      try (var own = TestHub.start(database, 1, Map.of()).deaf()) {
        own.headSeen(Instant.now().plusSeconds(600));
        var channel = own.open(1_000);
        var merchant = merchant();
        own.charge(request(channel, merchant, 10, 10));
        var request = request(channel, merchant, 60, 50);

        postgres.killImmediately();

        var response = post(own, request);
        assertThat(response.statusCode()).isEqualTo(503);
        assertThat(response.headers().firstValue("Retry-After")).isPresent();
        assertThat(response.headers().firstValue("Content-Type"))
            .hasValueSatisfying(type -> assertThat(type).startsWith("application/problem+json"));
        assertThat(own.get("/actuator/health/liveness").statusCode()).isEqualTo(200);
        assertThat(own.get("/actuator/health/readiness").statusCode()).isEqualTo(503);

        postgres.restart();

        await().atMost(PATIENCE).until(() -> post(own, request).statusCode() == 200);
        assertThat(own.channel(channel.id()).charged()).isEqualTo(Amount.of(60));
        await()
            .atMost(PATIENCE)
            .until(() -> own.get("/actuator/health/readiness").statusCode() == 200);
        refusesAnotherHubsDatabase(database);
      }
    }
  }

  private static void refusesAnotherHubsDatabase(TestDatabase database) {
    var other =
        Map.<String, Object>of("millrace.hub.vault", "0x00000000000000000000000000000000000000cc");
    assertThatThrownBy(() -> TestHub.start(database, 1, other))
        .rootCause()
        .hasMessageContaining("ledger of another hub");
  }

  private static HttpResponse<String> post(TestHub hub, PaymentRequest request) {
    var json =
        MessagingJson.mapper()
            .writerFor(new TypeReference<List<PaymentCommand>>() {})
            .writeValueAsString(List.of(new Charge(request)));
    return hub.post(0, "/internal/payments", json);
  }
}
