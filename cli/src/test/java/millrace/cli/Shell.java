package millrace.cli;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.util.List;
import java.util.stream.Stream;
import picocli.CommandLine;
import tools.jackson.databind.JsonNode;

/// Carries a command out as a shell does, and keeps what it says.
final class Shell {
  private final String url;

  Shell(FakeHub hub) {
    url = hub.url();
  }

  record Said(int code, String out, String err) {
    List<JsonNode> objects() {
      return out.lines().map(line -> HubClient.JSON.readTree(line)).toList();
    }
  }

  Said run(Object command, String... arguments) {
    var all =
        Stream.concat(
            Stream.of("--url", url, "--key", "sk_test_abc", "--retry-pause", "10"),
            Stream.of(arguments));
    return bare(command, all.toArray(String[]::new));
  }

  static Said bare(Object command, String... arguments) {
    var realOut = System.out;
    var realErr = System.err;
    var out = new ByteArrayOutputStream();
    var err = new ByteArrayOutputStream();
    System.setOut(new PrintStream(out, true, UTF_8));
    System.setErr(new PrintStream(err, true, UTF_8));
    try {
      int code = new CommandLine(command).execute(arguments);
      return new Said(code, out.toString(UTF_8), err.toString(UTF_8));
    } finally {
      System.setOut(realOut);
      System.setErr(realErr);
    }
  }
}
