package millrace.watchtower.merchant;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.Optional;
import java.util.function.Supplier;
import millrace.chain.Loop;

/// The hub's promises as they come: an open request whose answer goes on and on. It comes again by
/// itself, with the cursor of what it has, and says of every line that the hub is there.
final class HubStream implements AutoCloseable {
  /// The hub says something every fifteen seconds. Who says nothing for three times that is gone,
  /// whatever the connection thinks.
  private static final Duration PATIENCE = Duration.ofSeconds(45);

  private static final Duration CONNECT = Duration.ofSeconds(10);
  private static final long FIRST_PAUSE_MILLIS = 500;
  private static final long LONGEST_PAUSE_MILLIS = 15_000;
  private static final int MAX_LINE = 64 * 1024;

  private final URI stream;
  private final String apiKey;
  private final Listener listener;
  private final Supplier<Optional<String>> cursor;
  private final HttpClient http =
      HttpClient.newBuilder()
          .version(HttpClient.Version.HTTP_1_1)
          .connectTimeout(CONNECT)
          .followRedirects(HttpClient.Redirect.NEVER) // The key is for this host.
          .build();
  private final Loop guard = new Loop("stream-guard", Duration.ofSeconds(1), this::dropIfSilent);
  private volatile boolean ending;
  private volatile long lineAt;
  private volatile InputStream open = InputStream.nullInputStream();
  private final Thread thread;

  /// Who hears what comes.
  interface Listener {
    /// The hub has said anything at all.
    void onSign();

    /// When it returns, the event needs not come again.
    void onEvent(String id, String type, String data);

    /// The stream ended or could not be opened.
    void onBreak(String reason);
  }

  HubStream(URI hub, String apiKey, Supplier<Optional<String>> cursor, Listener listener) {
    this.stream = URI.create(hub.toString().replaceAll("/+$", "") + "/v1/balance/promise/stream");
    this.apiKey = apiKey;
    this.cursor = cursor;
    this.listener = listener;
    this.thread = Thread.ofPlatform().daemon().name("hub-stream").unstarted(this::run);
  }

  void start() {
    guard.start();
    thread.start();
  }

  private void run() {
    long pause = FIRST_PAUSE_MILLIS;
    while (!ending) {
      boolean heard = false;
      try {
        heard = listen();
        if (!ending) listener.onBreak("the hub ended the stream");
      } catch (InterruptedException e) {
        return;
      } catch (IOException | RuntimeException e) {
        if (!ending) listener.onBreak(String.valueOf(e.getMessage()));
      }
      pause = heard ? FIRST_PAUSE_MILLIS : Math.min(LONGEST_PAUSE_MILLIS, pause * 2);
      try {
        Thread.sleep(pause);
      } catch (InterruptedException e) {
        return;
      }
    }
  }

  /// @return whether the hub said anything
  private boolean listen() throws IOException, InterruptedException {
    var request =
        HttpRequest.newBuilder(stream)
            .timeout(PATIENCE)
            .header("Authorization", "Bearer " + apiKey)
            .header("Accept", "text/event-stream");
    cursor.get().ifPresent(id -> request.header("Last-Event-ID", id));
    var answer = http.send(request.build(), HttpResponse.BodyHandlers.ofInputStream());
    try (var body = answer.body()) {
      if (answer.statusCode() != 200) {
        throw new IOException("the hub answers with status " + answer.statusCode());
      }
      lineAt = System.nanoTime();
      open = body;
      return read(new BufferedReader(new InputStreamReader(body, UTF_8)));
    } finally {
      open = InputStream.nullInputStream();
    }
  }

  private boolean read(BufferedReader lines) throws IOException {
    boolean heard = false;
    var id = "";
    var type = "";
    var data = new StringBuilder();
    for (var line = lines.readLine(); line != null; line = lines.readLine()) {
      if (line.length() > MAX_LINE) throw new IOException("the hub sends too long a line");
      lineAt = System.nanoTime();
      heard = true;
      listener.onSign();
      int colon = line.indexOf(':');
      var field = colon < 0 ? line : line.substring(0, colon);
      var value = colon < 0 ? "" : line.substring(colon + 1).stripLeading();
      switch (field) {
        case "id" -> id = value;
        case "event" -> type = value;
        case "data" -> data.append(value);
        case "" -> {
          if (line.isEmpty() && !data.isEmpty()) listener.onEvent(id, type, data.toString());
          if (line.isEmpty()) {
            id = "";
            type = "";
            data.setLength(0);
          }
        }
        default -> {} // Fields that are not for us.
      }
    }
    return heard;
  }

  private boolean dropIfSilent() {
    if (System.nanoTime() - lineAt > PATIENCE.toNanos()) drop();
    return false;
  }

  private void drop() {
    try {
      open.close();
    } catch (IOException ignored) {
      // It was broken already.
    }
  }

  @Override
  public void close() {
    ending = true;
    guard.close();
    thread.interrupt();
    drop();
    http.shutdownNow();
  }
}
