package millrace.cli;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.net.URLEncoder;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicLong;
import millrace.cli.Frames.Frame;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.JsonNodeFactory;

/// The hub's events as they happen. Whoever loses the line comes again and goes on where it was.
final class EventStream {
  private static final Duration LONGEST_PAUSE = Duration.ofSeconds(15);

  private final HubClient hub;
  private final String query;
  private final Patience patience;
  private final Report report;
  private Optional<String> cursor;

  /// @param types all when there are none
  /// @param after where to go on; without one the stream begins now
  EventStream(
      HubClient hub, List<String> types, Patience patience, Optional<String> after, Report report) {
    this.hub = hub;
    this.patience = patience;
    this.report = report;
    cursor = after;
    query = types.isEmpty() ? "" : "?type=" + URLEncoder.encode(String.join(",", types), UTF_8);
  }

  /// @param silence after which the line counts as dead; the hub gives a sign every 15 seconds
  /// @param pause before it is taken up again, at first
  record Patience(Duration silence, Duration pause) {
    static final Duration SILENCE = Duration.ofSeconds(60);
  }

  @FunctionalInterface
  interface Opening {
    /// Whatever is not OK ends it.
    ExitCode run() throws InterruptedException;
  }

  @FunctionalInterface
  interface Reader {
    /// False for whoever has read enough.
    boolean take(Frame event) throws InterruptedException;
  }

  /// Reads until the reader has enough or the hub refuses.
  ///
  /// @param opened what to do as soon as nothing can be missed any more
  ExitCode follow(Opening opened, Reader reader) throws InterruptedException {
    if (cursor.isEmpty()) cursor = newest();
    var pause = patience.pause;
    boolean everOpen = false;
    while (true) {
      String lost;
      try {
        var response = hub.open("/v1/events/stream" + query, cursor);
        int status = response.statusCode();
        if (status != 200) {
          var answer = HubClient.answer(status, body(response));
          boolean later = answer instanceof Answer.Unknown || status == 429;
          if (!later || !everOpen) return report.failure(answer);
          lost = "the hub answered " + status;
        } else {
          var ready = everOpen ? ExitCode.OK : opened.run();
          if (ready != ExitCode.OK) return ready;
          everOpen = true;
          pause = patience.pause;
          var why = read(response.body(), reader);
          if (why.isEmpty()) return ExitCode.OK;
          lost = why.get();
        }
      } catch (IOException failure) {
        lost = "no answer from " + hub.url() + ": " + HubClient.reason(failure);
        if (!everOpen) return report.failure(new Answer.Unknown(lost));
      }
      report.note("… " + lost + "; trying again");
      Thread.sleep(pause);
      pause = pause.multipliedBy(2);
      if (pause.compareTo(LONGEST_PAUSE) > 0) pause = LONGEST_PAUSE;
    }
  }

  /// Where now is, so that a line that is lost before its first event can be taken up as well.
  /// Whatever goes wrong here goes wrong again in a moment.
  private Optional<String> newest() throws InterruptedException {
    return hub.once("/v1/events?limit=1") instanceof Answer.Done(_, var list)
        ? Optional.of(list.path("data").path(0).path("id").asString("")).filter(it -> !it.isEmpty())
        : Optional.empty();
  }

  private static JsonNode body(HttpResponse<InputStream> response) throws IOException {
    try (var in = response.body()) {
      return HubClient.parsed(new String(in.readNBytes(64 * 1024), UTF_8));
    } catch (IOException cutOff) {
      return JsonNodeFactory.instance.objectNode();
    }
  }

  /// Returns why it has ended; nothing when the reader has enough.
  private Optional<String> read(InputStream body, Reader reader) throws InterruptedException {
    var heard = new AtomicLong(System.nanoTime());
    var frames = new Frames();
    try (body;
        var lines = new BufferedReader(new InputStreamReader(body, UTF_8));
        var _ = new Watch(body, heard, patience.silence)) {
      for (var line = lines.readLine(); line != null; line = lines.readLine()) {
        heard.set(System.nanoTime());
        var frame = frames.line(line);
        if (frame.isEmpty()) continue;
        boolean more = reader.take(frame.get());
        cursor = Optional.of(frame.get().id());
        heard.set(System.nanoTime());
        if (!more) return Optional.empty();
      }
      return Optional.of("the stream has ended");
    } catch (IOException broken) {
      return Optional.of("the line is lost");
    }
  }

  /// Closes what has been silent for too long: a line that is cut without a word says nothing else.
  private static final class Watch implements AutoCloseable {
    private final Thread thread;

    Watch(InputStream body, AtomicLong heard, Duration silence) {
      thread =
          Thread.ofVirtual()
              .start(
                  () -> {
                    try {
                      while (true) {
                        long left = heard.get() + silence.toNanos() - System.nanoTime();
                        if (left <= 0) break;
                        Thread.sleep(Duration.ofNanos(left));
                      }
                      body.close();
                    } catch (InterruptedException | IOException over) {
                      // The reader is done with it.
                    }
                  });
    }

    @Override
    public void close() {
      thread.interrupt();
    }
  }
}
