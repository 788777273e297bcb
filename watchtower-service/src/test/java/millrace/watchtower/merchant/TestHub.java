package millrace.watchtower.merchant;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.Executors;

/// The hub's end of the stream: says what a test wants, and that it is alive every tenth of a
/// second.
final class TestHub implements AutoCloseable {
  static final String API_KEY = "sk_test_tower";

  /// The cursors that clients came with.
  final List<Optional<String>> cursors = new CopyOnWriteArrayList<>();

  private final HttpServer server;
  private final List<String> events = new CopyOnWriteArrayList<>();
  private volatile boolean mute;

  TestHub() {
    try {
      server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    server.setExecutor(Executors.newVirtualThreadPerTaskExecutor());
    server.createContext("/v1/balance/promise/stream", this::stream);
    server.start();
  }

  URI url() {
    return URI.create("http://127.0.0.1:" + server.getAddress().getPort());
  }

  void say(SignedPromise promise) {
    say(promise.cumulative().toString(), promise);
  }

  void say(String id, SignedPromise promise) {
    events.add(
        """
        id:%s
        event:promise
        data:{"object":"promise","payee":"%s","asset":"%s","vault":"%s","chain_id":31337,\
        "cumulative":"%s","signature":"%s","key":"%s"}

        """
            .formatted(
                id,
                promise.payee(),
                promise.token(),
                promise.vault().orElseThrow(),
                promise.cumulative(),
                promise.signature(),
                promise.key()));
  }

  void sayNonsense() {
    events.add("id:x\nevent:promise\ndata:{\"payee\":17}\n\n");
  }

  /// The machine is there and the connection open, but nothing is said.
  void fallSilent() {
    mute = true;
  }

  private void stream(HttpExchange exchange) throws IOException {
    try (exchange) {
      if (!("Bearer " + API_KEY).equals(exchange.getRequestHeaders().getFirst("Authorization"))) {
        exchange.sendResponseHeaders(401, -1);
        return;
      }
      cursors.add(Optional.ofNullable(exchange.getRequestHeaders().getFirst("Last-Event-ID")));
      exchange.getResponseHeaders().set("Content-Type", "text/event-stream");
      exchange.sendResponseHeaders(200, 0);
      var out = exchange.getResponseBody();
      for (int sent = 0; ; ) {
        if (!mute) {
          while (sent < events.size()) out.write(events.get(sent++).getBytes(UTF_8));
          out.write(":alive\n\n".getBytes(UTF_8));
          out.flush();
        }
        Thread.sleep(100);
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  @Override
  public void close() {
    server.stop(0);
  }
}
