package millrace.bench.peer;

import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import millrace.bench.hub.JsonProcess;
import millrace.embedded.DevAccount;
import millrace.embedded.Directories;
import millrace.protocol.x402.PaymentRequirements;
import tools.jackson.databind.json.JsonMapper;

/// The x402 server of the npm packages, unmodified, in a Node process on the hub's chain.
public final class PeerServer implements AutoCloseable {
  private static final Path HOME =
      Path.of(System.getProperty("millrace.bench.peer", "bench/peers/x402"));
  private static final JsonMapper JSON = JsonMapper.builder().build();

  /// Accounts that the hub has no use for.
  private static final DevAccount FACILITATOR = new DevAccount(3);

  private static final DevAccount RECEIVER = new DevAccount(4);

  private final JsonProcess process;
  private final URI route;

  private PeerServer(JsonProcess process, URI route) {
    this.process = process;
    this.route = route;
  }

  /// Returns when it answers.
  ///
  /// @param chain JSON-RPC of the hub's development chain
  /// @param ours the offer to be like: its token and its price
  /// @param directory of this server alone, made anew: its log, and its channels if it has files
  public static PeerServer start(
      PeerStorage storage, URI chain, PaymentRequirements ours, Path directory) {
    requireInstalled();
    Directories.delete(directory); // A new chain knows nothing of an earlier run's channels.
    var process =
        JsonProcess.start(directory.resolve("peer.log"), command(storage, chain, ours, directory));
    try {
      int port = JSON.readTree(process.hear()).path("port").intValue();
      return new PeerServer(process, URI.create("http://127.0.0.1:" + port + "/paid"));
    } catch (RuntimeException e) {
      process.close();
      throw new IllegalStateException("the peer does not start; it needs Node 20 or newer", e);
    }
  }

  private static List<String> command(
      PeerStorage storage, URI chain, PaymentRequirements ours, Path directory) {
    var command = new ArrayList<>(List.of("env", "NODE_ENV=production", "node"));
    command.add(HOME.resolve("server.mjs").toString());
    command.addAll(List.of("--rpc", chain.toString()));
    command.addAll(List.of("--facilitator-key", FACILITATOR.privateKey()));
    command.addAll(List.of("--receiver-key", RECEIVER.privateKey()));
    command.addAll(List.of("--network", ours.network().toString()));
    command.addAll(List.of("--token", ours.asset().toString()));
    command.addAll(List.of("--token-name", ours.extra().tokenName()));
    command.addAll(List.of("--token-version", ours.extra().tokenVersion()));
    command.addAll(List.of("--price", ours.amount().toString()));
    switch (storage) {
      case MEMORY -> {}
      case FILES -> {
        var files = directory.resolve("channels").toAbsolutePath();
        command.addAll(List.of("--directory", files.toString()));
      }
    }
    return command;
  }

  private static void requireInstalled() {
    if (!Files.exists(HOME.resolve("node_modules/@x402/express/package.json"))) {
      throw new IllegalStateException(
          "the peer is not installed: run `npm install --no-save` in " + HOME);
    }
  }

  /// The route that costs the price.
  public URI route() {
    return route;
  }

  public long pid() {
    return process.pid();
  }

  @Override
  public void close() {
    process.close();
  }
}
