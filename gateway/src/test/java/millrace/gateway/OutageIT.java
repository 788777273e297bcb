package millrace.gateway;

import static millrace.gateway.GatewayFixture.code;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.http.HttpRequest;
import java.nio.file.Path;
import java.util.Map;
import millrace.embedded.LocalPostgres;
import millrace.testkit.TestDatabase;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class OutageIT {
  @Test
  void withoutItsDatabaseTheGatewayStillSellsAndSaysWhatItCannotDo(@TempDir Path directory)
      throws IOException {
    var postgres = LocalPostgres.in(directory).stoppedByCaller().start();
    var database =
        new TestDatabase(
            "postgres",
            "jdbc:postgresql://127.0.0.1:" + postgres.port() + "/postgres",
            postgres.user(),
            "");
    try (var gateway =
        new GatewayFixture(
            database, Map.of("spring.datasource.hikari.connection-timeout", "500"))) {
      var merchant = gateway.merchant();
      var route = gateway.route(merchant, "10", "");
      postgres.close();

      var unpaid = gateway.send(HttpRequest.newBuilder(gateway.url(route)));
      assertThat(unpaid.statusCode()).isEqualTo(402);
      assertThat(unpaid.headers().firstValue("PAYMENT-REQUIRED")).isPresent();

      var payer = Payer.fresh();
      assertThat(gateway.paid(route, payer.voucher(10, 10)).statusCode()).isEqualTo(200);

      var listed = gateway.get(merchant, "/v1/routes");
      assertThat(listed.statusCode()).isEqualTo(503);
      assertThat(code(listed)).isEqualTo("unavailable");
      assertThat(listed.headers().firstValue("Retry-After")).isPresent();
    }
  }
}
