package millrace.embedded;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// One run of the program behind a development chain.
record Anvil(ChildProcess process, JsonRpc rpc) {
  private static final Logger LOG = LoggerFactory.getLogger(Anvil.class);
  private static final Duration START_TIMEOUT = Duration.ofSeconds(30);
  private static final Duration POLL = Duration.ofMillis(20);
  static final String PID_FILE = "anvil.pid";

  static URI url(int port) {
    return URI.create("http://127.0.0.1:" + port);
  }

  static Anvil start(Path directory, int port, List<String> options) {
    var log = directory.resolve("anvil.log");
    var command =
        new ArrayList<>(
            List.of(
                AnvilBinary.find().toString(),
                "--host",
                "127.0.0.1",
                "--port",
                Integer.toString(port),
                "--chain-id",
                Long.toString(DevChain.CHAIN_ID),
                "--accounts",
                Integer.toString(DevAccount.count()),
                // A block is final two blocks later, not 64.
                "--slots-in-an-epoch",
                "1",
                // Without these it writes the whole state of every block into the home directory,
                // gigabytes in an hour. Deeper than this nobody reorganises or asks.
                "--prune-history",
                "100",
                "--cache-path",
                directory.resolve("states").toString(),
                "--no-request-size-limit",
                "--quiet"));
    command.addAll(options);
    var anvil = new Anvil(ChildProcess.start(command, log), new JsonRpc(url(port)));
    remember(directory, anvil.process, port);
    anvil.awaitAnswer(log);
    return anvil;
  }

  /// A killed JVM leaves the program behind, with blocks that are in no file yet.
  static void rescueLeftover(Path directory, ChainState state) {
    takeLeftover(directory, anvil -> anvil.end(state));
  }

  /// For whoever wants nothing of the blocks.
  static void endLeftover(Path directory) {
    takeLeftover(directory, Anvil::stop);
  }

  private static void takeLeftover(Path directory, Consumer<Anvil> end) {
    var file = directory.resolve(PID_FILE);
    if (!Files.exists(file)) return;
    try {
      var words = Files.readString(file).strip().split(" ", 2);
      if (words.length == 2) {
        leftover(Long.parseLong(words[0]), words[1])
            .map(ChildProcess::new)
            .map(process -> new Anvil(process, new JsonRpc(url(Integer.parseInt(words[1])))))
            .ifPresent(end);
      }
      Files.delete(file);
    } catch (IOException e) {
      throw new UncheckedIOException("cannot read " + file, e);
    }
  }

  void stop() {
    rpc.close();
    if (process.alive()) process.signal("TERM");
    if (!process.ends()) kill();
  }

  void kill() {
    rpc.close();
    process.handle().destroyForcibly();
    if (!process.ends()) {
      throw new IllegalStateException(
          "anvil, process %d, does not end; stop it by hand".formatted(process.handle().pid()));
    }
  }

  private void awaitAnswer(Path log) {
    var deadline = System.nanoTime() + START_TIMEOUT.toNanos();
    while (!answers()) {
      if (!process.alive() || System.nanoTime() > deadline) {
        kill();
        throw new IllegalStateException("anvil does not start, " + ChildProcess.lastWords(log));
      }
      Pause.of(POLL);
    }
  }

  private boolean answers() {
    try {
      return Quantity.read(rpc.call("eth_chainId")).longValueExact() == DevChain.CHAIN_ID;
    } catch (UncheckedIOException e) {
      LOG.trace("anvil is not there yet", e);
      return false;
    }
  }

  private static void remember(Path directory, ChildProcess process, int port) {
    var file = directory.resolve(PID_FILE);
    try {
      WholeFile.write(file, process.handle().pid() + " " + port);
    } catch (IOException e) {
      throw new UncheckedIOException("cannot write " + file, e);
    }
  }

  /// The number may meanwhile be that of another process, even of another anvil.
  private static Optional<ProcessHandle> leftover(long pid, String port) {
    return ProcessHandle.of(pid)
        .filter(process -> process.info().command().filter(c -> c.endsWith("anvil")).isPresent())
        .filter(
            process ->
                process.info().arguments().map(Arrays::asList).orElse(List.of()).contains(port));
  }

  private void end(ChainState state) {
    try {
      state.save(rpc);
    } catch (UncheckedIOException | RpcException e) {
      LOG.warn("the chain of an earlier, killed run ends at its last saved state", e);
    }
    stop();
  }
}
