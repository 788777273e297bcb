package millrace.bench.crash;

import java.util.List;
import millrace.standalone.hub.HubProcess;
import millrace.standalone.hub.ProcessHub;

/// Something that may be killed at any moment.
///
/// @param restart returns when it can be used again
record Victim(String name, Step kill, Step restart) {
  @FunctionalInterface
  interface Step {
    void run() throws InterruptedException;
  }

  static List<Victim> of(ProcessHub hub) {
    return List.of(
        of(hub.service("channel-service")),
        of(hub.service("gateway")),
        of(hub.kafka()),
        new Victim("PostgreSQL", hub.postgres()::killImmediately, hub.postgres()::restart));
  }

  private static Victim of(HubProcess process) {
    return new Victim(
        process.name(),
        process::kill,
        () -> {
          process.start();
          process.awaitReady();
        });
  }
}
