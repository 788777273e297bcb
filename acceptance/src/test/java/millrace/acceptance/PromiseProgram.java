package millrace.acceptance;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;

/// The program that the page on trust gives merchants, as it stands there.
final class PromiseProgram {
  private static final Path CLIENTS = Path.of(System.getProperty("acceptance.clients", "clients"));
  private static final Path PAGE = CLIENTS.resolve(Path.of("..", "..", "docs", "trust.md"));
  private static final Pattern PROGRAM = Pattern.compile("```js\n(.*?)```", Pattern.DOTALL);

  private PromiseProgram() {}

  record Result(int exit, String output) {}

  /// With viem as the only help, and no more knowledge than it is given.
  static Result run(String... arguments) throws IOException, InterruptedException {
    StockClients.requireInstalled();
    var command = new ArrayList<>(List.of("node", "--input-type=module", "-"));
    command.addAll(List.of(arguments));
    var process =
        new ProcessBuilder(command).directory(CLIENTS.toFile()).redirectErrorStream(true).start();
    try (var in = process.outputWriter(UTF_8)) {
      in.write(program());
    }
    var output = new String(process.getInputStream().readAllBytes(), UTF_8);
    return new Result(process.waitFor(), output);
  }

  private static String program() throws IOException {
    var found = PROGRAM.matcher(Files.readString(PAGE));
    if (!found.find()) throw new AssertionError("no program in " + PAGE);
    return found.group(1);
  }
}
