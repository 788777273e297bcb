package millrace.embedded;

import java.nio.file.Path;
import java.util.Properties;

/// The settings of a broker that is alone and shares its JVM with others.
final class BrokerSettings {
  static final int NODE = 1;
  static final String CONTROLLER = "CONTROLLER";

  private BrokerSettings() {}

  static Properties of(Path data, int port, int controllerPort) {
    var settings = new Properties();
    role(settings, data, port, controllerPort);
    replicatedOnce(settings);
    small(settings);
    settings.put("auto.create.topics.enable", "false");
    settings.put("group.initial.rebalance.delay.ms", "0");
    // A killed broker may come back only after its old session has ended.
    settings.put("broker.session.timeout.ms", "4000");
    settings.put("broker.heartbeat.interval.ms", "500");
    settings.put("controlled.shutdown.enable", "true");
    return settings;
  }

  private static void role(Properties settings, Path data, int port, int controllerPort) {
    settings.put("process.roles", "broker,controller");
    settings.put("node.id", Integer.toString(NODE));
    settings.put("controller.quorum.voters", "%d@127.0.0.1:%d".formatted(NODE, controllerPort));
    settings.put("controller.listener.names", CONTROLLER);
    settings.put("inter.broker.listener.name", "BROKER");
    settings.put("listener.security.protocol.map", "BROKER:PLAINTEXT,CONTROLLER:PLAINTEXT");
    settings.put(
        "listeners",
        "BROKER://127.0.0.1:%d,%s://127.0.0.1:%d".formatted(port, CONTROLLER, controllerPort));
    settings.put("advertised.listeners", "BROKER://127.0.0.1:" + port);
    settings.put("log.dirs", data.toString());
  }

  private static void replicatedOnce(Properties settings) {
    settings.put("default.replication.factor", "1");
    settings.put("min.insync.replicas", "1");
    settings.put("offsets.topic.replication.factor", "1");
    settings.put("offsets.topic.num.partitions", "4");
    settings.put("transaction.state.log.replication.factor", "1");
    settings.put("transaction.state.log.min.isr", "1");
    settings.put("transaction.state.log.num.partitions", "1");
    settings.put("share.coordinator.state.topic.replication.factor", "1");
    settings.put("share.coordinator.state.topic.min.isr", "1");
    settings.put("share.coordinator.state.topic.num.partitions", "1");
  }

  /// The defaults are for a machine of its own: 128 MB for the log cleaner alone, and ten megabytes
  /// of mapped index for each segment.
  private static void small(Properties settings) {
    settings.put("num.network.threads", "2");
    settings.put("num.io.threads", "4");
    settings.put("background.threads", "2");
    settings.put("num.recovery.threads.per.data.dir", "1");
    settings.put("log.cleaner.threads", "1");
    settings.put("log.cleaner.dedupe.buffer.size", "4194304");
    settings.put("log.cleaner.io.buffer.size", "262144");
    settings.put("log.segment.bytes", "134217728");
    settings.put("log.index.size.max.bytes", "1048576");
    settings.put("offsets.topic.segment.bytes", "8388608");
    settings.put("metadata.log.segment.bytes", "16777216");
    settings.put("queued.max.requests", "100");
  }
}
