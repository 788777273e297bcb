package millrace.acceptance;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import millrace.embedded.DevAccount;
import millrace.embedded.DevChain;
import millrace.embedded.Directories;
import millrace.embedded.LocalPostgres;
import millrace.messaging.MessagingJson;
import millrace.messaging.command.ChannelView;
import millrace.protocol.type.Amount;
import millrace.protocol.type.ChannelId;
import millrace.protocol.x402.Network;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/// One hub of real processes for all tests of this JVM. Tests make merchants and payers of their
/// own, so they do not see each other's money.
final class Hub {
  static final String OPERATOR_KEY = "operator-key-of-the-acceptance-tests";
  static final Amount MIN_DEPOSIT = Amount.of(10_000);
  static final Network NETWORK = Network.of(31_337);

  private static @Nullable Hub running;

  private final Path directory;
  private final LocalPostgres postgres;
  private final DevChain chain;
  private final Gate chainGate;
  private final int gatewayPort = freePort();
  private final int managementPort = freePort();
  private final int channelPort = freePort();
  private final int settlementPort = freePort();
  private final int watchtowerPort = freePort();
  private final int kafkaPort = freePort();
  final HubProcess kafka;
  final HubProcess channelService;
  final HubProcess settlement;
  final HubProcess watchtower;
  final HubProcess gateway;

  /// Started by the first test that asks, and ended with the JVM.
  static synchronized Hub running() throws InterruptedException {
    if (running == null) {
      running = new Hub(Path.of(System.getProperty("acceptance.work", "target/hub")));
      running.start();
    }
    return running;
  }

  private Hub(Path work) {
    directory = work.toAbsolutePath().normalize();
    Directories.delete(directory);
    try {
      Files.createDirectories(directory);
    } catch (IOException e) {
      throw new UncheckedIOException("cannot make " + directory, e);
    }
    postgres = LocalPostgres.in(directory.resolve("postgres")).start();
    for (var database : List.of("channel", "settlement", "watchtower", "gateway")) {
      postgres.createDatabaseIfMissing(database);
    }
    chain = DevChain.in(directory.resolve("chain")).blockTimeSeconds(1).start();
    chainGate = new Gate(URI.create(chain.rpcUrl()).getPort());
    kafka =
        process(
            "kafka",
            "384m",
            "millrace.embedded.KafkaMain",
            List.of("--dir", directory.resolve("kafka").toString(), "--port", "" + kafkaPort),
            () -> {
              try (var _ = new Socket(InetAddress.getLoopbackAddress(), kafkaPort)) {
                return true;
              }
            });
    channelService = channelService();
    settlement = settlement();
    watchtower = watchtower();
    gateway = gateway();
    Runtime.getRuntime().addShutdownHook(new Thread(this::end, "end-hub"));
  }

  private HubProcess channelService() {
    return service(
        "channel-service",
        "millrace.channel.ChannelService",
        channelPort,
        channelPort,
        // A refund at once, whenever a test likes; and payers who never stop.
        """
        millrace.channel.deposit.max-daily-per-payer=1000
        millrace.channel.refund.minimum=1
        millrace.channel.refund.idle=0s
        millrace.channel.refund.interval=0s
        """);
  }

  private HubProcess settlement() {
    return service(
        "settlement-service",
        "millrace.settlement.SettlementService",
        settlementPort,
        settlementPort,
        "millrace.settlement.key=" + DevAccount.SETTLEMENT.privateKey());
  }

  private HubProcess watchtower() {
    return service(
        "watchtower-service",
        "millrace.watchtower.WatchtowerService",
        watchtowerPort,
        watchtowerPort,
        "millrace.watchtower.key=" + DevAccount.WATCHTOWER.privateKey());
  }

  private HubProcess gateway() {
    return service(
        "gateway",
        "millrace.gateway.GatewayService",
        gatewayPort,
        managementPort,
        // What a killed gateway was serving holds its channel until the reservation ends: so long
        // as upstream, capture and margin may take. The tests of outages wait for the deposit.
        """
        management.server.port=%d
        millrace.gateway.operator-key=%s
        millrace.gateway.channel-service.url=http://127.0.0.1:%d
        millrace.gateway.upstream.allowed=127.0.0.1
        millrace.gateway.webhook.allowed=127.0.0.1
        millrace.gateway.paywall.upstream-timeout=5s
        millrace.gateway.paywall.reservation-margin=5s
        millrace.gateway.checkout.deposit-wait=8s
        """
            .formatted(managementPort, OPERATOR_KEY, channelPort));
  }

  private HubProcess service(
      String name, String mainClass, int port, int healthPort, String ownProperties) {
    var deployment = chain.deployment();
    // Each service has a database of its name, less what all names end with.
    var properties =
        """
        server.port=%d
        server.address=127.0.0.1
        spring.datasource.url=%s
        spring.datasource.username=%s
        spring.datasource.password=
        spring.kafka.bootstrap-servers=127.0.0.1:%d
        millrace.hub.vault=%s
        millrace.hub.token.address=%s
        millrace.hub.min-deposit=%s
        millrace.chain.rpc-urls=%s
        millrace.chain.confirmations=1
        """
            .formatted(
                port,
                postgres.jdbcUrl(name.replace("-service", "")),
                postgres.user(),
                kafkaPort,
                deployment.vault(),
                deployment.token(),
                MIN_DEPOSIT,
                chainGate.url());
    var arguments =
        Stream.concat(properties.lines(), ownProperties.lines())
            .map(property -> "--" + property)
            .toList();
    var health = URI.create("http://127.0.0.1:" + healthPort + "/actuator/health/readiness");
    return process(name, "256m", mainClass, arguments, () -> Rest.status(health) == 200);
  }

  private HubProcess process(
      String name, String heap, String mainClass, List<String> arguments, HubProcess.Ready ready) {
    return new HubProcess(name, directory, heap, mainClass, arguments, ready);
  }

  private void start() throws InterruptedException {
    Progress.say("PostgreSQL and the chain are up; logs are in %s", directory);
    kafka.start();
    kafka.awaitReady();
    services().forEach(HubProcess::start);
    for (var service : services()) service.awaitReady();
    Progress.say("a hub of %d processes is ready", services().size() + 3);
  }

  List<HubProcess> services() {
    return List.of(channelService, settlement, watchtower, gateway);
  }

  /// Stops all services in order and starts them again.
  void restartServices() throws InterruptedException {
    for (var service : services().reversed()) service.stop();
    services().forEach(HubProcess::start);
    for (var service : services()) service.awaitReady();
  }

  LocalPostgres postgres() {
    return postgres;
  }

  DevChain chain() {
    return chain;
  }

  /// Between the services and the chain. Clients have a connection of their own.
  Gate chainGate() {
    return chainGate;
  }

  Path directory() {
    return directory;
  }

  URI gateway(String path) {
    return URI.create("http://127.0.0.1:" + gatewayPort + path);
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
    return URI.create("http://127.0.0.1:" + channelPort + path);
  }

  private void end() {
    try {
      for (var service : services().reversed()) service.kill();
      kafka.kill();
      chainGate.close();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    } catch (IOException e) {
      Progress.say("the gate did not close: %s", e);
    }
  }

  private static int freePort() {
    try (var socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      return socket.getLocalPort();
    } catch (IOException e) {
      throw new UncheckedIOException("no free port", e);
    }
  }
}
