package millrace.gateway;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.util.Iterator;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.function.Predicate;
import java.util.stream.Stream;
import millrace.gateway.GatewayFixture.Account;
import tools.jackson.databind.JsonNode;

/// A client of a stream of server-sent events, who reads as they come.
final class EventReader implements AutoCloseable {
  private static final Duration PATIENCE = Duration.ofSeconds(30);

  private final HttpResponse<Stream<String>> response;
  private final BlockingQueue<Frame> frames = new LinkedBlockingQueue<>();
  private final Thread thread;

  /// What stands between two empty lines.
  record Frame(String id, String type, String data, String comment) {
    static final Frame END = new Frame("", "", "", "the stream has ended");

    JsonNode json() {
      return GatewayFixture.JSON.readTree(data);
    }

    boolean isEnd() {
      return equals(END);
    }

    boolean isEvent() {
      return !data.isEmpty();
    }
  }

  private EventReader(HttpResponse<Stream<String>> response) {
    this.response = response;
    this.thread = Thread.ofVirtual().start(this::read);
  }

  static EventReader open(GatewayFixture gateway, Account account, String path)
      throws IOException, InterruptedException {
    return open(gateway, account, path, Map.of());
  }

  static EventReader open(
      GatewayFixture gateway, Account account, String path, Map<String, String> headers)
      throws IOException, InterruptedException {
    var request =
        HttpRequest.newBuilder(gateway.url(path))
            .header("Authorization", "Bearer " + account.key())
            .header("Accept", "text/event-stream");
    headers.forEach(request::header);
    return new EventReader(gateway.http.send(request.build(), BodyHandlers.ofLines()));
  }

  int status() {
    return response.statusCode();
  }

  Optional<String> header(String name) {
    return response.headers().firstValue(name);
  }

  /// The next event, whatever comments come before it.
  Frame event() throws InterruptedException {
    return next(Frame::isEvent);
  }

  Frame heartbeat() throws InterruptedException {
    return next(frame -> frame.comment().equals("alive"));
  }

  void awaitEnd() throws InterruptedException {
    next(Frame::isEnd);
  }

  /// Whether nothing but heartbeats comes before two of them have.
  boolean isQuiet() throws InterruptedException {
    for (int heartbeats = 0; heartbeats < 2; ) {
      var frame = next(_ -> true);
      if (frame.isEnd() || frame.isEvent()) return false;
      if (frame.comment().equals("alive")) heartbeats++;
    }
    return true;
  }

  private Frame next(Predicate<Frame> wanted) throws InterruptedException {
    while (true) {
      var frame = frames.poll(PATIENCE.toSeconds(), TimeUnit.SECONDS);
      if (frame == null) throw new AssertionError("nothing comes");
      if (wanted.test(frame)) return frame;
      if (frame.isEnd()) throw new AssertionError("the stream has ended");
    }
  }

  private void read() {
    try (var lines = response.body()) {
      var id = "";
      var type = "";
      var data = "";
      var comment = "";
      for (Iterator<String> it = lines.iterator(); it.hasNext(); ) {
        var line = it.next();
        if (line.isEmpty()) {
          frames.add(new Frame(id, type, data, comment));
          id = "";
          type = "";
          data = "";
          comment = "";
        } else if (line.startsWith("id:")) {
          id = line.substring(3);
        } else if (line.startsWith("event:")) {
          type = line.substring(6);
        } else if (line.startsWith("data:")) {
          data += line.substring(5);
        } else if (line.startsWith(":")) {
          comment = line.substring(1);
        }
      }
    } catch (UncheckedIOException | IllegalStateException broken) {
      // A stream that breaks has ended.
    }
    frames.add(Frame.END);
  }

  @Override
  public void close() {
    response.body().close();
    thread.interrupt();
  }
}
