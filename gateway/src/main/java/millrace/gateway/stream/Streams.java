package millrace.gateway.stream;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import java.time.Duration;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import millrace.gateway.problem.Problem;
import millrace.gateway.problem.ProblemCode;
import org.springframework.context.SmartLifecycle;
import org.springframework.http.CacheControl;
import org.springframework.http.MediaType;
import org.springframework.http.ResponseEntity;
import org.springframework.stereotype.Component;
import org.springframework.web.servlet.mvc.method.annotation.SseEmitter;

/// The open streams of this gateway. Each has a virtual thread that waits; a request's place at the
/// gateway is free again as soon as its stream is open.
///
/// It stops before the web server does, which would else wait for the streams to end by themselves.
@Component
public class Streams implements SmartLifecycle {
  private static final Duration RETRY = Duration.ofSeconds(5);

  private final StreamSettings settings;
  private final Counter refused;
  private final Set<OpenStream> open = new LinkedHashSet<>();
  private boolean running;

  Streams(StreamSettings settings, MeterRegistry metrics) {
    this.settings = settings;
    this.refused = metrics.counter("millrace.gateway.streams.refused");
    metrics.gauge("millrace.gateway.streams", this, streams -> streams.all().size());
  }

  /// Opens a stream, for a handler to return. What the feed throws at first ends the request as it
  /// would any other.
  public ResponseEntity<SseEmitter> open(Listener listener, Feed feed) {
    var stream = new OpenStream(listener, feed, settings);
    admit(stream);
    try {
      stream.look();
    } catch (RuntimeException e) {
      leave(stream);
      throw e;
    }
    stream.start(() -> leave(stream));
    return ResponseEntity.ok()
        .contentType(MediaType.TEXT_EVENT_STREAM)
        .cacheControl(CacheControl.noStore())
        // Proxies would collect heartbeats until they are worth sending on.
        .header("X-Accel-Buffering", "no")
        .body(stream.emitter());
  }

  /// There is news of that topic.
  public void wake(String topic) {
    for (var stream : all()) {
      if (stream.listener().topic().equals(topic)) stream.wake();
    }
  }

  /// The newest stream of a key is the one that somebody reads. Of an older one the client may be
  /// long gone without a word, and would else be kept out by its own past.
  private synchronized void admit(OpenStream stream) {
    if (!running || open.size() >= settings.total()) {
      refused.increment();
      throw Problem.of(ProblemCode.OVERLOADED, "There are as many streams as can be served.")
          .retryAfter(RETRY)
          .asException();
    }
    var key = stream.listener().key();
    var ofKey = open.stream().filter(other -> other.listener().key().equals(key)).toList();
    if (ofKey.size() >= settings.perKey()) {
      ofKey.getFirst().end();
      open.remove(ofKey.getFirst());
    }
    open.add(stream);
  }

  private synchronized void leave(OpenStream stream) {
    open.remove(stream);
  }

  private synchronized List<OpenStream> all() {
    return List.copyOf(open);
  }

  @Override
  public synchronized void start() {
    running = true;
  }

  @Override
  public void stop() {
    synchronized (this) {
      running = false;
    }
    all().forEach(OpenStream::end);
  }

  @Override
  public synchronized boolean isRunning() {
    return running;
  }
}
