package millrace.acceptance;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import millrace.embedded.DevChain;
import millrace.embedded.LocalPostgres;
import millrace.messaging.MessagingJson;
import millrace.messaging.command.ChannelView;
import millrace.protocol.type.Amount;
import millrace.protocol.type.ChannelId;
import millrace.protocol.x402.Network;
import millrace.standalone.hub.HubProcess;
import millrace.standalone.hub.ProcessHub;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/// One hub of real processes for all tests of this JVM. Tests make merchants and payers of their
/// own, so they do not see each other's money.
final class Hub {
  static final String OPERATOR_KEY = "operator-key-of-the-acceptance-tests";
  static final Amount MIN_DEPOSIT = Amount.of(10_000);
  static final Network NETWORK = Network.of(31_337);

  private static final List<String> JAVA_OPTIONS =
      List.of("-Xmx256m", "-XX:+UseSerialGC", "-XX:TieredStopAtLevel=1", "-Xshare:auto");

  private static @Nullable Hub running;

  private final ProcessHub processes;
  private final Gate chainGate;

  private Hub(ProcessHub processes, Gate chainGate) {
    this.processes = processes;
    this.chainGate = chainGate;
  }

  /// Started by the first test that asks, and ended with the JVM.
  static synchronized Hub running() throws InterruptedException {
    if (running == null) {
      running = start(Path.of(System.getProperty("acceptance.work", "target/hub")));
    }
    return running;
  }

  private static Hub start(Path directory) throws InterruptedException {
    var gate = new Gate();
    var processes =
        ProcessHub.in(directory)
            .operatorKey(OPERATOR_KEY)
            .javaOptions(JAVA_OPTIONS)
            .chainThrough(gate::before)
            // Time for a merchant's tower on a busy machine, which has to be faster than that.
            .vaultDelay(Duration.ofSeconds(30))
            .property("gateway", "millrace.hub.min-deposit", MIN_DEPOSIT)
            .property("channel-service", "millrace.hub.min-deposit", MIN_DEPOSIT)
            // A refund of however little, whenever a test likes; and payers who never stop.
            .property("channel-service", "millrace.channel.deposit.max-daily-per-payer", 1000)
            .property("channel-service", "millrace.channel.refund.minimum", 1)
            .property("gateway", "millrace.gateway.webhook.allowed", "127.0.0.1")
            // What a killed gateway was serving holds its channel until the reservation ends: so
            // long as upstream, capture and margin may take. The tests of outages wait for the
            // deposit.
            .property("gateway", "millrace.gateway.paywall.upstream-timeout", "5s")
            .property("gateway", "millrace.gateway.paywall.reservation-margin", "5s")
            .property("gateway", "millrace.gateway.checkout.deposit-wait", "8s")
            .progress(step -> Progress.say("%s", step))
            .start();
    Runtime.getRuntime().addShutdownHook(new Thread(() -> close(gate), "end-gate"));
    Progress.say("a hub of %d processes is ready", processes.services().size() + 3);
    return new Hub(processes, gate);
  }

  /// Which processes of the hub have ended and what they said last, for the message of a test that
  /// waits in vain. Some tests have killed them themselves.
  static synchronized String whatDoesNotRun() {
    var hub = running;
    if (hub == null) return "";
    return Stream.concat(hub.services().stream(), Stream.of(hub.kafka()))
        .filter(process -> !process.isAlive())
        .map(process -> "\n" + process.name() + " does not run: " + process.lastWords())
        .collect(Collectors.joining());
  }

  List<HubProcess> services() {
    return processes.services();
  }

  HubProcess kafka() {
    return processes.kafka();
  }

  /// Stops all services in order and starts them again.
  void restartServices() throws InterruptedException {
    processes.restartServices(step -> Progress.say("%s", step));
  }

  LocalPostgres postgres() {
    return processes.postgres();
  }

  DevChain chain() {
    return processes.chain();
  }

  /// Between the services and the chain. Clients have a connection of their own.
  Gate chainGate() {
    return chainGate;
  }

  Path directory() {
    return processes.directory();
  }

  ProcessHub processes() {
    return processes;
  }

  URI gateway(String path) {
    return URI.create(processes.gateway() + path);
  }

  /// What channel-service says of a channel.
  ChannelView channel(ChannelId id) throws IOException, InterruptedException {
    var response = Rest.get(internal("/internal/channels/" + id), Map.of());
    return MessagingJson.mapper().treeToValue(Rest.json(response), ChannelView.class);
  }

  /// The whole ledger in a few figures.
  JsonNode ledger() throws IOException, InterruptedException {
    return Rest.json(Rest.get(internal("/internal/ledger"), Map.of()));
  }

  URI internal(String path) {
    return URI.create(processes.channelService() + path);
  }

  private static void close(Gate gate) {
    try {
      gate.close();
    } catch (IOException e) {
      throw new UncheckedIOException("the gate did not close", e);
    }
  }
}
