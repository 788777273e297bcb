package millrace.standalone.hub;

import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.function.Consumer;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import millrace.channel.ChannelService;
import millrace.embedded.DevChain;
import millrace.embedded.LocalKafka;
import millrace.embedded.LocalPostgres;
import millrace.gateway.GatewayService;
import millrace.settlement.SettlementService;
import millrace.watchtower.WatchtowerService;
import org.springframework.context.ConfigurableApplicationContext;

/// A whole hub: PostgreSQL and the chain as child processes, the broker and the four services in
/// this JVM. Its data stay in one folder.
public final class LocalHub implements AutoCloseable {
  static final List<String> DATABASES = List.of("channel", "settlement", "watchtower", "gateway");

  private final LocalPostgres postgres;
  private final LocalKafka kafka;
  private final DevChain chain;
  private final HubAddresses addresses;
  private final Deque<ConfigurableApplicationContext> services;

  private LocalHub(
      LocalPostgres postgres,
      LocalKafka kafka,
      DevChain chain,
      HubAddresses addresses,
      Deque<ConfigurableApplicationContext> services) {
    this.postgres = postgres;
    this.kafka = kafka;
    this.chain = chain;
    this.addresses = addresses;
    this.services = services;
  }

  /// Starts everything, children first, and tells `progress` of each step. When a part does not
  /// start, those that did are stopped again: nothing outlives this JVM.
  ///
  /// @param port of the gateway
  /// @param operatorKey that may create merchants
  public static LocalHub start(Path data, int port, String operatorKey, Consumer<String> progress) {
    HubLog.into(data.resolve("hub.log"));
    try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
      var postgres = threads.submit(() -> startPostgres(data, progress));
      var chain = threads.submit(() -> startChain(data, progress));
      var kafka = threads.submit(() -> startKafka(data, progress));
      try {
        var addresses = HubAddresses.choose(port);
        var properties =
            new ServiceProperties(
                done(postgres),
                done(kafka).bootstrapServers(),
                done(chain).deployment(),
                addresses,
                operatorKey);
        var services = startServices(properties, progress);
        return new LocalHub(done(postgres), done(kafka), done(chain), addresses, services);
      } catch (RuntimeException failure) {
        stop(kafka, LocalKafka::close, failure);
        stop(chain, DevChain::close, failure);
        stop(postgres, LocalPostgres::close, failure);
        throw failure;
      }
    }
  }

  private static <T> void stop(Future<T> starting, Consumer<T> close, RuntimeException failure) {
    try {
      close.accept(done(starting));
    } catch (RuntimeException another) {
      failure.addSuppressed(another);
    }
  }

  public String url() {
    return addresses.gatewayUrl();
  }

  public String channelServiceUrl() {
    return addresses.channelServiceUrl();
  }

  public String settlementServiceUrl() {
    return addresses.settlementServiceUrl();
  }

  public String watchtowerServiceUrl() {
    return addresses.watchtowerServiceUrl();
  }

  public DevChain chain() {
    return chain;
  }

  public LocalPostgres postgres() {
    return postgres;
  }

  /// Everything that another process needs to use this hub.
  public HubAccess access(String operatorKey) {
    return new HubAccess(
        URI.create(url()),
        URI.create(addresses.managementUrl()),
        operatorKey,
        Map.of(
            "channel-service", URI.create(channelServiceUrl()),
            "settlement-service", URI.create(settlementServiceUrl()),
            "watchtower-service", URI.create(watchtowerServiceUrl())),
        DATABASES.stream().collect(Collectors.toMap(name -> name, postgres::jdbcUrl)),
        postgres.user(),
        chain.deployment());
  }

  /// The services first, so that what they have in hand is finished while the stores still answer.
  @Override
  public void close() {
    services.forEach(ConfigurableApplicationContext::close);
    kafka.close();
    chain.close();
    postgres.close();
  }

  private static LocalPostgres startPostgres(Path data, Consumer<String> progress) {
    var postgres = LocalPostgres.in(data.resolve("postgres")).stoppedByCaller().start();
    DATABASES.forEach(postgres::createDatabaseIfMissing);
    progress.accept("PostgreSQL, fsync and synchronous_commit on");
    return postgres;
  }

  private static LocalKafka startKafka(Path data, Consumer<String> progress) {
    var kafka = LocalKafka.in(data.resolve("kafka")).stoppedByCaller().start();
    progress.accept("Kafka");
    return kafka;
  }

  private static DevChain startChain(Path data, Consumer<String> progress) {
    var chain =
        DevChain.in(data.resolve("chain"))
            .blockTimeSeconds(1)
            .vaultDelay(Duration.ofSeconds(10))
            .stoppedByCaller()
            .start();
    progress.accept("dev chain, a block each second, contracts in place");
    return chain;
  }

  /// All at once: most of a start is one thread loading classes.
  private static Deque<ConfigurableApplicationContext> startServices(
      ServiceProperties properties, Consumer<String> progress) {
    var starts = new LinkedHashMap<String, Supplier<ConfigurableApplicationContext>>();
    starts.put("channel-service", () -> ChannelService.start(properties.channelService()));
    starts.put("settlement-service", () -> SettlementService.start(properties.settlementService()));
    starts.put("watchtower-service", () -> WatchtowerService.start(properties.watchtowerService()));
    starts.put("gateway", () -> GatewayService.start(properties.gateway()));
    try (var threads = Executors.newFixedThreadPool(starts.size())) {
      var starting = new LinkedHashMap<String, Future<ConfigurableApplicationContext>>();
      starts.forEach(
          (name, start) ->
              starting.put(
                  name,
                  threads.submit(
                      () -> {
                        var context = start.get();
                        progress.accept(name);
                        return context;
                      })));
      return started(starting);
    }
  }

  /// All of them or none. The gateway comes last and so is closed first.
  private static Deque<ConfigurableApplicationContext> started(
      Map<String, Future<ConfigurableApplicationContext>> starting) {
    var started = new ArrayDeque<ConfigurableApplicationContext>();
    var failures = new ArrayList<RuntimeException>();
    starting.forEach(
        (name, service) -> {
          try {
            started.push(done(service));
          } catch (IllegalStateException failure) {
            failures.add(new IllegalStateException(name + " did not start", failure.getCause()));
          }
        });
    if (failures.isEmpty()) return started;
    started.forEach(ConfigurableApplicationContext::close);
    throw failures.getFirst();
  }

  private static <T> T done(Future<T> future) {
    try {
      return future.get();
    } catch (ExecutionException failure) {
      throw new IllegalStateException("a part of the hub did not start", failure.getCause());
    } catch (InterruptedException interruption) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException("interrupted while starting", interruption);
    }
  }
}
