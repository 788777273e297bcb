package millrace.embedded;

import java.io.OutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import kafka.server.KafkaConfig;
import kafka.server.KafkaRaftServer;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.AdminClientConfig;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.common.errors.TopicExistsException;
import org.apache.kafka.common.utils.Time;
import org.apache.kafka.metadata.storage.Formatter;
import org.apache.kafka.server.common.MetadataVersion;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// One Kafka broker inside this JVM, on the loopback address, whose log stays in a directory. To
/// have one that can be killed, run [KafkaMain] as a process.
///
/// An answered message survives a kill of this JVM but not a power cut: like any Kafka broker it
/// leaves writing to the disk to the operating system. When its log breaks it ends the JVM.
public final class LocalKafka implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(LocalKafka.class);

  /// Always the same, so that formatting a directory again does no harm.
  private static final String CLUSTER = "TWlsbHJhY2VLYWZrYTAwMQ";

  private static final Duration TIMEOUT = Duration.ofSeconds(30);

  private final Path data;
  private final int port;
  private final int controllerPort;
  private final DirectoryLock lock;
  private final @Nullable ExitHook hook;
  private @Nullable KafkaRaftServer server;
  private boolean closed;

  private LocalKafka(Builder builder) {
    data = builder.directory.resolve("data");
    lock = DirectoryLock.take(builder.directory);
    try {
      port = FreePort.orAny(builder.port, "Kafka");
      controllerPort = FreePort.otherThan(port, "Kafka's controller");
      server = launch();
    } catch (RuntimeException e) {
      lock.close();
      throw e;
    }
    hook = builder.stoppedByCaller ? null : ExitHook.run("kafka", this::close);
  }

  /// Describes a broker that keeps its log in `directory`, which is made if it does not exist.
  public static Builder in(Path directory) {
    return new Builder(directory);
  }

  /// How a broker is started.
  public static final class Builder {
    private final Path directory;
    private int port;
    private boolean stoppedByCaller;

    private Builder(Path directory) {
      this.directory = directory.toAbsolutePath().normalize();
    }

    /// A fixed port for clients. Without one the broker takes any that is free.
    public Builder port(int port) {
      this.port = port;
      return this;
    }

    /// No shutdown hook: hooks run in no order, and whoever closes its users in order wants to
    /// close the broker after them.
    public Builder stoppedByCaller() {
      stoppedByCaller = true;
      return this;
    }

    public LocalKafka start() {
      return new LocalKafka(this);
    }
  }

  public String bootstrapServers() {
    return "127.0.0.1:" + port;
  }

  /// Makes the topic with one replica, or leaves one of that name as it is.
  public void createTopicIfMissing(String name, int partitions) {
    createTopicIfMissing(bootstrapServers(), name, partitions);
  }

  /// The same on any broker.
  public static void createTopicIfMissing(String servers, String name, int partitions) {
    var config = Map.<String, Object>of(AdminClientConfig.BOOTSTRAP_SERVERS_CONFIG, servers);
    try (var admin = Admin.create(config)) {
      admin
          .createTopics(List.of(new NewTopic(name, partitions, (short) 1)))
          .all()
          .get(TIMEOUT.toSeconds(), TimeUnit.SECONDS);
    } catch (ExecutionException e) {
      if (!(e.getCause() instanceof TopicExistsException)) {
        throw new IllegalStateException("cannot create the topic " + name, e);
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException("interrupted while creating the topic " + name, e);
    } catch (TimeoutException e) {
      throw new IllegalStateException("Kafka did not create the topic " + name + " in time", e);
    }
  }

  /// Stops in order and starts on the same port and log.
  public synchronized void restart() {
    if (closed) throw new IllegalStateException("this Kafka was closed");
    stop();
    server = launch();
  }

  @Override
  public synchronized void close() {
    if (closed) return;
    closed = true;
    if (hook != null) hook.cancel();
    try {
      stop();
    } finally {
      lock.close();
    }
  }

  private KafkaRaftServer launch() {
    long begin = System.nanoTime();
    format();
    var settings = BrokerSettings.of(data, port, controllerPort);
    var started = new KafkaRaftServer(KafkaConfig.fromProps(settings, false), Time.SYSTEM);
    try {
      started.startup();
    } catch (RuntimeException e) {
      started.shutdown();
      throw e;
    }
    LOG.info(
        "Kafka on port {} after {} ms, log in {}",
        port,
        Duration.ofNanos(System.nanoTime() - begin).toMillis(),
        data);
    return started;
  }

  private void format() {
    try (var silent =
        new PrintStream(OutputStream.nullOutputStream(), true, StandardCharsets.UTF_8)) {
      new Formatter()
          .setPrintStream(silent)
          .setClusterId(CLUSTER)
          .setNodeId(BrokerSettings.NODE)
          .setControllerListenerName(BrokerSettings.CONTROLLER)
          .setReleaseVersion(MetadataVersion.latestProduction())
          .setMetadataLogDirectory(data.toString())
          .addDirectory(data.toString())
          .setIgnoreFormatted(true)
          .run();
    } catch (Exception e) {
      throw new IllegalStateException("cannot prepare the Kafka log in " + data, e);
    }
  }

  private void stop() {
    var running = server;
    server = null;
    if (running == null) return;
    running.shutdown();
    running.awaitShutdown();
  }
}
