package millrace.bench.load;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.util.StringJoiner;
import tools.jackson.databind.json.JsonMapper;

/// The load generator as a process of its own, so that what it costs can be told from what the hub
/// costs. Orders come on the standard input, a line of JSON each; it ends with the input.
public final class LoadMain {
  private static final JsonMapper JSON = JsonMapper.builder().build();

  private LoadMain() {}

  public static void main(String[] arguments) throws IOException {
    try (var upstream = Upstream.start();
        var orders = new BufferedReader(new InputStreamReader(System.in, UTF_8))) {
      say(new Reply.Ready(upstream.url()));
      var generator = new Generator(text -> say(new Reply.Progress(text)));
      for (var line = orders.readLine(); line != null; line = orders.readLine()) {
        say(answer(generator, line));
      }
    }
  }

  private static Reply answer(Generator generator, String line) {
    try {
      return generator.perform(JSON.readValue(line, Order.class));
    } catch (IOException | RuntimeException failure) {
      failure.printStackTrace();
      return new Reply.Failed(reasons(failure));
    } catch (InterruptedException interruption) {
      Thread.currentThread().interrupt();
      return new Reply.Failed("interrupted");
    }
  }

  private static String reasons(Throwable failure) {
    var reasons = new StringJoiner("; because of ");
    for (Throwable it = failure; it != null; it = it.getCause()) reasons.add(it.toString());
    return reasons.toString();
  }

  private static synchronized void say(Reply reply) {
    System.out.println(JSON.writerFor(Reply.class).writeValueAsString(reply));
    System.out.flush();
  }
}
