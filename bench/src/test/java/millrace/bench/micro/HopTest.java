package millrace.bench.micro;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Path;
import java.util.stream.Stream;
import millrace.bench.micro.HopClient.Order;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/// Against the server of the benchmark, in this JVM.
class HopTest {
  private final HopServer server;
  private final HopClient client;

  HopTest(@TempDir Path folder) throws IOException {
    server = HopServer.start(folder);
    client = new HopClient(server.ports());
  }

  @AfterEach
  void close() {
    client.close();
    server.close();
  }

  @Test
  void everyTransportBringsWhatTheServerDecided() {
    var command = HopClient.payer(1).next();
    var outcomes =
        Stream.of(HopTransport.values()).map(client::hop).map(hop -> hop.send(command)).toList();
    assertThat(outcomes).hasSize(4).containsOnly(HopServer.decide(command));
  }

  @ParameterizedTest
  @EnumSource
  void eachOfManyCallersGetsItsOwnOutcome(HopTransport transport) throws Exception {
    var report = client.run(new Order(transport, 20, 0.2));
    assertThat(report.payments()).isGreaterThanOrEqualTo(20);
    assertThat(report.p99Millis()).isGreaterThanOrEqualTo(report.p50Millis()).isPositive();
  }
}
