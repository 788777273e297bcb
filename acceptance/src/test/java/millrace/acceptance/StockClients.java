package millrace.acceptance;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.BufferedReader;
import java.io.BufferedWriter;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import tools.jackson.databind.JsonNode;

/// The x402 clients of the npm packages, unmodified, in a Node process.
final class StockClients {
  private static final int OLDEST_NODE = 20;
  private static final Path DIRECTORY =
      Path.of(System.getProperty("acceptance.clients", "clients"));

  private final Process process;
  private final Path log;
  private final BufferedWriter in;
  private final BufferedReader out;
  private int commands;

  private StockClients(Process process, Path log) {
    this.process = process;
    this.log = log;
    in = process.outputWriter();
    out = process.inputReader();
  }

  /// A client that is not there is a failure with a remedy, never a test passed over.
  static void requireInstalled() {
    requireNode();
    if (!Files.exists(DIRECTORY.resolve("node_modules/@x402/fetch/package.json"))) {
      throw new AssertionError(
          "the stock clients are not installed: run `npm ci` in acceptance/clients, or use"
              + " `./millrace test`, which does");
    }
  }

  static StockClients start(Path log) {
    requireInstalled();
    try {
      return new StockClients(
          new ProcessBuilder("node", "driver.mjs")
              .directory(DIRECTORY.toFile())
              .redirectError(ProcessBuilder.Redirect.appendTo(log.toFile()))
              .start(),
          log);
    } catch (IOException e) {
      throw new UncheckedIOException("cannot start the stock clients", e);
    }
  }

  private static void requireNode() {
    var remedy = "install Node %d or newer with npm (https://nodejs.org)".formatted(OLDEST_NODE);
    try {
      var asked = new ProcessBuilder("node", "-p", "process.versions.node").start();
      var version = new String(asked.getInputStream().readAllBytes(), US_ASCII).strip();
      if (asked.waitFor() != 0) throw new AssertionError("node does not run: " + remedy);
      assertThat(Integer.parseInt(version.replaceAll("\\..*", "")))
          .as("Node " + version + " is too old: " + remedy)
          .isGreaterThanOrEqualTo(OLDEST_NODE);
    } catch (IOException missing) {
      throw new AssertionError("the stock clients need Node: " + remedy, missing);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new AssertionError("interrupted", e);
    }
  }

  /// One command; fails when the client throws.
  JsonNode command(String command, Map<String, ?> arguments) {
    var reply = attempt(command, arguments);
    assertThat(reply.path("ok").booleanValue()).as("%s: %s", command, reply).isTrue();
    return reply;
  }

  /// One command; what the client throws is the reply.
  synchronized JsonNode attempt(String command, Map<String, ?> arguments) {
    var line = new LinkedHashMap<String, Object>(arguments);
    line.put("id", ++commands);
    line.put("command", command);
    try {
      in.write(Rest.JSON.writeValueAsString(line));
      in.newLine();
      in.flush();
      var reply = out.readLine();
      if (reply == null) {
        throw new AssertionError("the stock clients ended; " + LastWords.of(log));
      }
      return Rest.JSON.readTree(reply);
    } catch (IOException e) {
      throw new UncheckedIOException("no answer from stock clients; " + LastWords.of(log), e);
    }
  }

  void end() throws InterruptedException {
    process.destroy();
    if (!process.waitFor(5, TimeUnit.SECONDS)) process.destroyForcibly();
  }
}
