package millrace.bench.load;

import java.net.URI;
import java.nio.file.Path;
import java.util.List;
import java.util.function.Consumer;
import millrace.bench.hub.JsonProcess;
import tools.jackson.databind.json.JsonMapper;

/// [LoadMain] as seen by who gives the orders.
public final class LoadProcess implements AutoCloseable {
  private static final JsonMapper JSON = JsonMapper.builder().build();
  private static final List<String> OPTIONS =
      List.of(
          "-Xmx1g",
          "-XX:+UseSerialGC",
          "--enable-native-access=ALL-UNNAMED",
          "--sun-misc-unsafe-memory-access=allow");

  private final JsonProcess process;
  private final Consumer<String> progress;
  private final URI upstream;

  private LoadProcess(JsonProcess process, Consumer<String> progress, URI upstream) {
    this.process = process;
    this.progress = progress;
    this.upstream = upstream;
  }

  public static LoadProcess start(Path log, Consumer<String> progress) {
    var process = JsonProcess.java(log, OPTIONS, LoadMain.class, List.of());
    if (JSON.readValue(process.hear(), Reply.class) instanceof Reply.Ready(var upstream)) {
      return new LoadProcess(process, progress, upstream);
    }
    process.close();
    throw new IllegalStateException("the load generator is not ready; see " + log);
  }

  /// The server to put behind a paywall.
  public URI upstream() {
    return upstream;
  }

  public long pid() {
    return process.pid();
  }

  public Reply.Done open(Order.Open order) {
    return done(order);
  }

  public Reply.Done adopt(Order.Adopt order) {
    return done(order);
  }

  public Reply.Done sign(Order.Sign order) {
    return done(order);
  }

  public PhaseReport run(Order.Run order) {
    if (ask(order) instanceof Reply.Ran(var report)) return report;
    throw new IllegalStateException("not an answer to " + order);
  }

  private Reply.Done done(Order order) {
    if (ask(order) instanceof Reply.Done done) return done;
    throw new IllegalStateException("not an answer to " + order);
  }

  private Reply ask(Order order) {
    process.tell(JSON.writerFor(Order.class).writeValueAsString(order));
    while (true) {
      switch (JSON.readValue(process.hear(), Reply.class)) {
        case Reply.Progress(var text) -> progress.accept(text);
        case Reply.Failed(var why) -> throw new IllegalStateException("the load generator: " + why);
        case Reply answer -> {
          return answer;
        }
      }
    }
  }

  @Override
  public void close() {
    process.close();
  }
}
