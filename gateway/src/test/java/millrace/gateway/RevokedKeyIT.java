package millrace.gateway;

import static millrace.gateway.GatewayFixture.json;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executors;
import millrace.testkit.TestPostgres;
import org.junit.jupiter.api.Test;

/// A gateway believes what it knows of a key for a moment, however busy the key is.
class RevokedKeyIT {
  @Test
  void aKeyInUseThatAnotherGatewayRevokesIsSoonRefused() throws IOException {
    var database = TestPostgres.freshDatabase();
    Map<String, Object> settings = Map.of("millrace.gateway.key-cache", "2s");
    try (var here = new GatewayFixture(database, settings);
        var there = new GatewayFixture(database, settings)) {
      var merchant = here.merchant();
      var doomed =
          json(
              here.post(
                  merchant, "/v1/api_keys", "{\"name\":\"k\",\"scopes\":[\"payments:read\"]}"));
      var secret = doomed.get("secret").stringValue();
      assertThat(status(there, secret)).isEqualTo(200);

      var id = doomed.get("id").stringValue();
      here.send(here.request("DELETE", "/v1/api_keys/" + id, merchant.key()));
      assertThat(status(here, secret)).isEqualTo(401);
      await()
          .atMost(Duration.ofSeconds(30))
          .pollInterval(Duration.ofMillis(20))
          .until(() -> status(there, secret) == 401);
    }
  }

  /// Longer than the gateway believes what it knows, during the last part of which it cannot look.
  @Test
  void aKeyInUseIsLookedUpAgainWhileRequestsGoOn() throws Exception {
    var database = TestPostgres.freshDatabase();
    var believed = Duration.ofSeconds(6);
    try (var gateway = new GatewayFixture(database, Map.of("millrace.gateway.key-cache", "6s"))) {
      var key = gateway.merchant().key();
      long start = System.nanoTime();
      while (since(start).compareTo(believed.minusSeconds(1)) < 0) {
        assertThat(status(gateway, key)).isEqualTo(200);
      }
      try (var other = database.connect();
          var statement = other.createStatement();
          var callers = Executors.newVirtualThreadPerTaskExecutor()) {
        other.setAutoCommit(false);
        statement.execute("LOCK TABLE api_key");
        var requests = new ArrayList<CompletableFuture<Integer>>();
        while (since(start).compareTo(believed.plusSeconds(1)) < 0) {
          requests.add(CompletableFuture.supplyAsync(() -> status(gateway, key), callers));
          Thread.sleep(100);
        }
        await()
            .atMost(Duration.ofSeconds(30))
            .untilAsserted(
                () -> assertThat(requests).allMatch(CompletableFuture::isDone).isNotEmpty());
        assertThat(requests).allMatch(request -> request.join() == 200);
        other.rollback();
      }
    }
  }

  private static Duration since(long startNanos) {
    return Duration.ofNanos(System.nanoTime() - startNanos);
  }

  private static int status(GatewayFixture gateway, String secret) {
    return gateway.send(gateway.request("GET", "/v1/payments", secret)).statusCode();
  }
}
