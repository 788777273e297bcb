package millrace.gateway.hub;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.sun.net.httpserver.HttpServer;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import millrace.embedded.FreePort;
import millrace.gateway.problem.ProblemCode;
import millrace.protocol.type.ChannelId;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class ReplicasTest {
  private static final ChannelId CHANNEL = ChannelId.of("0x" + "0c".repeat(32));

  private final Replica first = new Replica();
  private final Replica second = new Replica();

  @AfterEach
  void stop() {
    first.stop();
    second.stop();
  }

  @Test
  void allReplicasGetTheirShareOfTheCalls() {
    try (var hub = hub(first, second)) {
      for (int i = 0; i < 10; i++) assertThat(hub.channel(CHANNEL)).isEmpty();
    }
    assertThat(first.calls.get()).isEqualTo(5);
    assertThat(second.calls.get()).isEqualTo(5);
  }

  @Test
  void aCallThatOneReplicaDoesNotAnswerIsRepeatedAtTheNext() {
    first.stop();
    try (var hub = hub(first, second)) {
      for (int i = 0; i < 10; i++) assertThat(hub.channel(CHANNEL)).isEmpty();
    }
    assertThat(second.calls.get()).isEqualTo(10);
  }

  @Test
  void aCallThatNoReplicaAnswersEnds() {
    first.stop();
    second.stop();
    try (var hub = hub(first, second)) {
      assertThatThrownBy(() -> hub.channel(CHANNEL)).isInstanceOf(HubException.class);
    }
  }

  @Test
  void aReadOutlastsTheTimeForWhichAReplicaIsLeftAlone() {
    first.stop();
    try (var hub = hub(first)) {
      for (int i = 0; i < 4; i++) {
        assertThatThrownBy(() -> hub.tellPayees(List.of()))
            .isInstanceOfSatisfying(
                HubException.class, away -> assertThat(away.outcomeKnown()).isTrue());
      }
      var back = new Replica(first.port());
      try {
        assertThat(hub.channel(CHANNEL)).isEmpty();
      } finally {
        back.stop();
      }
    }
  }

  @Test
  void aReadIsNeverInDoubt() {
    first.status = 503;
    try (var hub = hub(first)) {
      assertThatThrownBy(() -> hub.tellPayees(List.of()))
          .isInstanceOfSatisfying(
              HubException.class, away -> assertThat(away.outcomeKnown()).isFalse());
      int attempts = first.calls.getAndSet(0);
      assertThatThrownBy(() -> hub.channel(CHANNEL))
          .isInstanceOfSatisfying(
              HubException.class,
              away -> assertThat(away.problem().code()).isEqualTo(ProblemCode.UNAVAILABLE));
      // Whoever answers, if only so, is not asked again and again.
      assertThat(first.calls.get()).isEqualTo(attempts);
    }
  }

  private static Hub hub(Replica... replicas) {
    var urls = Arrays.stream(replicas).map(Replica::url).toList();
    var ample = Duration.ofSeconds(20);
    return new Hub(
        new HubSettings(urls, 1, 1, ample, 2, ample, ample, ample), new SimpleMeterRegistry());
  }

  /// Knows no channel.
  private static final class Replica {
    private final AtomicInteger calls = new AtomicInteger();
    private final HttpServer server;
    private volatile int status = 404;

    /// One that goes away finds its port again: nobody's connections take those.
    Replica() {
      this(FreePort.any());
    }

    Replica(int port) {
      try {
        var address = new InetSocketAddress(InetAddress.getLoopbackAddress(), port);
        server = HttpServer.create(address, 0);
      } catch (IOException e) {
        throw new IllegalStateException(e);
      }
      server.createContext(
          "/",
          exchange -> {
            calls.incrementAndGet();
            exchange.sendResponseHeaders(status, -1);
            exchange.close();
          });
      server.start();
    }

    URI url() {
      return URI.create("http://127.0.0.1:" + port());
    }

    int port() {
      return server.getAddress().getPort();
    }

    void stop() {
      server.stop(0);
    }
  }
}
