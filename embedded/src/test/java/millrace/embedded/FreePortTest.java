package millrace.embedded;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class FreePortTest {
  @Test
  void noPortIsChosenTwice() {
    var ports = IntStream.range(0, 200).map(_ -> FreePort.any()).boxed().toList();
    assertThat(ports).doesNotHaveDuplicates();
  }

  /// Else whoever is down for a moment might find its port given to a client.
  @Test
  void whatOutgoingConnectionsAreGivenIsNotChosen() throws Exception {
    var loopback = InetAddress.getLoopbackAddress();
    int lowest = FreePort.any();
    try (var server = new ServerSocket()) {
      server.bind(new InetSocketAddress(loopback, lowest));
      for (int i = 0; i < 50; i++) {
        try (var client = new Socket(loopback, lowest);
            var _ = server.accept()) {
          assertThat(client.getLocalPort()).isGreaterThan(32_000);
        }
      }
    }
    int highest = IntStream.range(0, 200).map(_ -> FreePort.any()).max().orElseThrow();
    assertThat(highest).isLessThan(32_000);
  }
}
