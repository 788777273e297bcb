package millrace.embedded;

import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CountDownLatch;

/// The broker as a process of its own: `KafkaMain --dir DIRECTORY [--port PORT]`. It says
/// `ready HOST:PORT` on its standard output once clients may connect, and runs until it is ended.
/// It may be killed at any moment and started again on the same directory.
public final class KafkaMain {
  private static final Set<String> OPTIONS = Set.of("--dir", "--port");

  private KafkaMain() {}

  public static void main(String[] arguments) throws InterruptedException {
    var options = parse(List.of(arguments));
    var directory = options.get("--dir");
    if (directory == null) {
      System.err.println("usage: KafkaMain --dir DIRECTORY [--port PORT]");
      System.exit(2);
      return;
    }
    var port = Integer.parseInt(options.getOrDefault("--port", "0"));
    var kafka = LocalKafka.in(Path.of(directory)).port(port).start();
    System.out.println("ready " + kafka.bootstrapServers());
    System.out.flush();
    new CountDownLatch(1).await();
  }

  static Map<String, String> parse(List<String> arguments) {
    var options = new HashMap<String, String>();
    for (int at = 0; at < arguments.size(); at += 2) {
      var name = arguments.get(at);
      if (!OPTIONS.contains(name) || at + 1 == arguments.size()) {
        throw new IllegalArgumentException("unknown option, or one without a value: " + name);
      }
      options.put(name, arguments.get(at + 1));
    }
    return options;
  }
}
