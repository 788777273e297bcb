package millrace.standalone.hub;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;
import millrace.channel.ChannelService;
import millrace.embedded.DevChain;
import millrace.embedded.KafkaMain;
import millrace.embedded.Leftovers;
import millrace.embedded.LocalPostgres;
import millrace.gateway.GatewayService;
import millrace.settlement.SettlementService;
import millrace.watchtower.WatchtowerService;

/// A hub of real processes, one for each service, that can be killed one by one. Its data stay in
/// one folder and begin anew with every start.
public final class ProcessHub implements AutoCloseable {
  private static final Duration ASK_TIMEOUT = Duration.ofSeconds(5);

  private final Path directory;
  private final LocalPostgres postgres;
  private final DevChain chain;
  private final HubAddresses addresses;
  private final HubProcess kafka;
  private final List<HubProcess> channelServices = new ArrayList<>();
  private final List<HubProcess> others = new ArrayList<>();
  private final Services services;
  private final List<Integer> replicaPorts;
  private HubProcess gateway;
  private final String operatorKey;
  private final HttpClient http =
      HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();

  private ProcessHub(Builder builder) {
    directory = builder.directory;
    operatorKey = builder.operatorKey;
    Leftovers.delete(directory);
    try {
      Files.createDirectories(directory);
    } catch (IOException e) {
      throw new UncheckedIOException("cannot make " + directory, e);
    }
    postgres = LocalPostgres.in(directory.resolve("postgres")).start();
    LocalHub.DATABASES.forEach(postgres::createDatabaseIfMissing);
    chain =
        DevChain.in(directory.resolve("chain"))
            .blockTimeSeconds(1)
            .vaultDelay(builder.vaultDelay)
            .start();
    addresses = HubAddresses.choose(0);
    int kafkaPort = HubAddresses.freePorts(1).getFirst();
    kafka = kafka(builder, kafkaPort);
    var properties =
        new ServiceProperties(
            postgres, "127.0.0.1:" + kafkaPort, chain.deployment(), addresses, operatorKey);
    var through = builder.chainThrough.apply(URI.create(chain.rpcUrl()));
    services = new Services(builder, properties, through);
    replicaPorts = replicaPorts(builder.replicas);
    for (int port : replicaPorts) channelServices.add(services.channelService(port));
    if (builder.settlement) others.add(services.settlement());
    others.add(services.watchtower());
    gateway = services.gateway(replicaPorts.subList(0, 1));
    Runtime.getRuntime().addShutdownHook(new Thread(this::close, "end-hub"));
  }

  /// Describes a hub whose data are in `directory`, which is emptied.
  public static Builder in(Path directory) {
    return new Builder(directory);
  }

  /// How a hub is started.
  public static final class Builder {
    private final Path directory;
    private final Map<String, Map<String, Object>> own = new HashMap<>();
    private String operatorKey = "operator-key-of-a-hub-of-processes";
    private List<String> javaOptions = List.of("-Xmx512m", "-XX:+UseSerialGC");
    private UnaryOperator<URI> chainThrough = UnaryOperator.identity();
    private Duration vaultDelay = Duration.ofSeconds(10);
    private int replicas = 1;
    private boolean settlement = true;
    private Consumer<String> progress = _ -> {};

    private Builder(Path directory) {
      this.directory = directory.toAbsolutePath().normalize();
    }

    public Builder operatorKey(String key) {
      operatorKey = key;
      return this;
    }

    /// For every JVM.
    public Builder javaOptions(List<String> options) {
      javaOptions = List.copyOf(options);
      return this;
    }

    /// More than what a hub on one machine is told anyway.
    ///
    /// @param service its name
    public Builder property(String service, String name, Object value) {
      own.computeIfAbsent(service, _ -> new HashMap<>()).put(name, value);
      return this;
    }

    /// What the services take for the chain, given where it is.
    public Builder chainThrough(UnaryOperator<URI> way) {
      chainThrough = way;
      return this;
    }

    /// How long before it happens the administrator has to announce what takes from the vault.
    public Builder vaultDelay(Duration delay) {
      vaultDelay = delay;
      return this;
    }

    /// How many channel-services there are. The gateway begins with the first alone.
    public Builder replicas(int count) {
      replicas = count;
      return this;
    }

    public Builder withoutSettlement() {
      settlement = false;
      return this;
    }

    public Builder progress(Consumer<String> listener) {
      progress = listener;
      return this;
    }

    /// Returns when every process is ready.
    public ProcessHub start() throws InterruptedException {
      var hub = new ProcessHub(this);
      try {
        hub.startAll(progress);
        return hub;
      } catch (RuntimeException | InterruptedException failure) {
        hub.close();
        throw failure;
      }
    }
  }

  private void startAll(Consumer<String> progress) throws InterruptedException {
    progress.accept("PostgreSQL and the chain are up; logs are in " + directory);
    kafka.start();
    kafka.awaitReady();
    progress.accept("kafka is ready");
    startServices(progress);
  }

  private void startServices(Consumer<String> progress) throws InterruptedException {
    services().forEach(HubProcess::start);
    for (var service : services()) {
      service.awaitReady();
      progress.accept(
          "%s is ready after %.1f s of processor time"
              .formatted(service.name(), service.spent().toMillis() / 1e3));
    }
  }

  /// Stops all services in order and starts them again.
  public void restartServices(Consumer<String> progress) throws InterruptedException {
    for (var service : services().reversed()) service.stop();
    startServices(progress);
  }

  /// Starts the gateway again with so many of the channel-services behind it.
  public void useReplicas(int count) throws InterruptedException {
    gateway.stop();
    gateway = services.gateway(replicaPorts.subList(0, count));
    gateway.start();
    gateway.awaitReady();
  }

  /// Another gateway beside the first, on the same database. Whoever asks starts and kills it.
  public AnotherGateway anotherGateway() {
    return services.anotherGateway();
  }

  /// A process, and where it listens.
  public record AnotherGateway(HubProcess process, URI url) {}

  /// All but the broker.
  public List<HubProcess> services() {
    return Stream.of(channelServices, others, List.of(gateway)).flatMap(List::stream).toList();
  }

  public HubProcess service(String name) {
    return services().stream()
        .filter(it -> it.name().equals(name))
        .findFirst()
        .orElseThrow(() -> new IllegalArgumentException("no service " + name));
  }

  public HubProcess kafka() {
    return kafka;
  }

  public LocalPostgres postgres() {
    return postgres;
  }

  public DevChain chain() {
    return chain;
  }

  public Path directory() {
    return directory;
  }

  public URI gateway() {
    return URI.create(addresses.gatewayUrl());
  }

  /// The first channel-service.
  public URI channelService() {
    return URI.create(addresses.channelServiceUrl());
  }

  public String operatorKey() {
    return operatorKey;
  }

  private List<Integer> replicaPorts(int replicas) {
    var ports = new ArrayList<>(List.of(addresses.channelService()));
    if (replicas > 1) ports.addAll(HubAddresses.freePorts(replicas - 1));
    return ports;
  }

  private HubProcess kafka(Builder builder, int port) {
    var folder = directory.resolve("kafka").toString();
    return new HubProcess(
        "kafka",
        directory,
        builder.javaOptions,
        KafkaMain.class,
        List.of("--dir", folder, "--port", Integer.toString(port)),
        () -> {
          try (var _ = new Socket(InetAddress.getLoopbackAddress(), port)) {
            return true;
          }
        });
  }

  private boolean isReady(int port) throws IOException, InterruptedException {
    var health = URI.create("http://127.0.0.1:%d/actuator/health/readiness".formatted(port));
    var request = HttpRequest.newBuilder(health).timeout(ASK_TIMEOUT).GET().build();
    return http.send(request, BodyHandlers.discarding()).statusCode() == 200;
  }

  /// Makes the processes of the services.
  private final class Services {
    private final Builder builder;
    private final ServiceProperties properties;
    private final URI chain;

    Services(Builder builder, ServiceProperties properties, URI chain) {
      this.builder = builder;
      this.properties = properties;
      this.chain = chain;
    }

    HubProcess channelService(int port) {
      boolean first = port == addresses.channelService();
      var told = properties.channelService();
      told.put("server.port", port);
      return process(
          first ? "channel-service" : "channel-service-" + port,
          "channel-service",
          ChannelService.class,
          told,
          port);
    }

    HubProcess settlement() {
      return process(
          "settlement-service",
          SettlementService.class,
          properties.settlementService(),
          addresses.settlementService());
    }

    HubProcess watchtower() {
      return process(
          "watchtower-service",
          WatchtowerService.class,
          properties.watchtowerService(),
          addresses.watchtower());
    }

    HubProcess gateway(List<Integer> channelServicePorts) {
      var told = properties.gateway();
      told.put(
          "millrace.gateway.channel-service.url",
          String.join(
              ",", channelServicePorts.stream().map(port -> "http://127.0.0.1:" + port).toList()));
      return process("gateway", GatewayService.class, told, addresses.management());
    }

    AnotherGateway anotherGateway() {
      var ports = HubAddresses.freePorts(2);
      int port = ports.getFirst();
      int management = ports.getLast();
      var told = properties.gateway();
      told.put("server.port", port);
      told.put("management.server.port", management);
      return new AnotherGateway(
          process("gateway-" + port, "gateway", GatewayService.class, told, management),
          URI.create("http://127.0.0.1:" + port));
    }

    private HubProcess process(
        String name, Class<?> main, Map<String, Object> told, int healthPort) {
      return process(name, name, main, told, healthPort);
    }

    private HubProcess process(
        String name, String service, Class<?> main, Map<String, Object> told, int healthPort) {
      told.put("millrace.chain.rpc-urls", chain.toString());
      told.putAll(builder.own.getOrDefault(service, Map.of()));
      var arguments =
          told.entrySet().stream()
              .map(it -> "--%s=%s".formatted(it.getKey(), it.getValue()))
              .toList();
      return new HubProcess(
          name, directory, builder.javaOptions, main, arguments, () -> isReady(healthPort));
    }
  }

  /// At once, and in the order in which the one needs the other.
  @Override
  public void close() {
    try {
      for (var service : services().reversed()) service.kill();
      kafka.kill();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    http.shutdownNow();
    chain.close();
    postgres.close();
  }
}
