package millrace.gateway.stream;

import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.http.MediaType;
import org.springframework.web.servlet.mvc.method.annotation.SseEmitter;

/// One stream, from its first event to its end.
final class OpenStream {
  private static final Logger LOG = LoggerFactory.getLogger(OpenStream.class);
  private static final Duration RECONNECT = Duration.ofSeconds(2);
  private static final long NEVER = 0;

  private final Listener listener;
  private final Feed feed;
  private final StreamSettings settings;
  private final SseEmitter emitter = new SseEmitter(NEVER);
  private final Semaphore wakeUps = new Semaphore(0);
  private Optional<String> cursor;
  private List<StreamEvent> news = List.of();
  private volatile boolean ended;

  OpenStream(Listener listener, Feed feed, StreamSettings settings) {
    this.listener = listener;
    this.feed = feed;
    this.settings = settings;
    this.cursor = listener.after();
  }

  Listener listener() {
    return listener;
  }

  SseEmitter emitter() {
    return emitter;
  }

  /// Asks for what is to be sent next.
  void look() {
    news = feed.after(cursor);
  }

  void start(Runnable afterwards) {
    emitter.onCompletion(this::end);
    emitter.onError(_ -> end());
    Thread.ofVirtual()
        .name("stream " + listener.topic())
        .start(
            () -> {
              try {
                run();
              } finally {
                afterwards.run();
                emitter.complete();
              }
            });
  }

  void wake() {
    wakeUps.release();
  }

  void end() {
    ended = true;
    wake();
  }

  private void run() {
    try {
      emitter.send(SseEmitter.event().reconnectTime(RECONNECT.toMillis()).comment("open"));
      listen();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    } catch (IOException | IllegalStateException gone) {
      LOG.debug("the client of a stream has gone", gone);
    } catch (RuntimeException failure) {
      LOG.warn("a stream of {} ends: {}", listener.topic(), failure.toString());
    }
  }

  private void listen() throws IOException, InterruptedException {
    long end = System.nanoTime() + settings.lifetime().toNanos();
    long heartbeat = System.nanoTime() + settings.heartbeat().toNanos();
    while (!ended && end - System.nanoTime() > 0) {
      boolean silent = news.isEmpty();
      for (var event : news) send(event);
      if (heartbeat - System.nanoTime() <= 0) {
        if (!listener.stillAllowed().getAsBoolean()) return;
        emitter.send(SseEmitter.event().comment("alive"));
        heartbeat = System.nanoTime() + settings.heartbeat().toNanos();
      }
      if (silent) pause(heartbeat);
      look();
    }
  }

  private void send(StreamEvent event) throws IOException {
    emitter.send(
        SseEmitter.event()
            .id(event.id())
            .name(event.type())
            .data(event.body(), MediaType.APPLICATION_JSON));
    cursor = Optional.of(event.id());
  }

  private void pause(long heartbeat) throws InterruptedException {
    long most = Math.min(settings.look().toNanos(), heartbeat - System.nanoTime());
    if (wakeUps.tryAcquire(Math.max(1, most), TimeUnit.NANOSECONDS)) wakeUps.drainPermits();
  }
}
