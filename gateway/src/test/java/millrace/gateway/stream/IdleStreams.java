package millrace.gateway.stream;

import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.time.Duration;

/// For tests of what wakes streams and has none to wake.
public final class IdleStreams {
  private IdleStreams() {}

  public static Streams create() {
    var second = Duration.ofSeconds(1);
    return new Streams(new StreamSettings(second, second, second, 1, 1), new SimpleMeterRegistry());
  }
}
