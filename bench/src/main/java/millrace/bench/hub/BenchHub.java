package millrace.bench.hub;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import millrace.embedded.Leftovers;
import millrace.messaging.MessagingJson;
import millrace.standalone.Main;
import millrace.standalone.hub.HubAccess;

/// A whole hub in a JVM of its own, as `./millrace up` runs it, with PostgreSQL and the chain as
/// its children. Its data are new and stay until the next run.
public final class BenchHub implements AutoCloseable {
  private final JsonProcess process;
  private final HubAccess access;

  private BenchHub(JsonProcess process, HubAccess access) {
    this.process = process;
    this.access = access;
  }

  /// @param options of the JVM, beside those of the launcher
  public static BenchHub start(Path folder, List<String> options) {
    Leftovers.delete(folder);
    var all = new ArrayList<>(launcherOptions());
    all.addAll(options);
    var process =
        JsonProcess.java(
            folder.resolveSibling(folder.getFileName() + ".log"),
            all,
            Main.class,
            List.of("serve", "--data", folder.toString()));
    try {
      var access = MessagingJson.mapper().readValue(process.hear(), HubAccess.class);
      return new BenchHub(process, access);
    } catch (RuntimeException failure) {
      process.close();
      throw failure;
    }
  }

  /// What the launcher gives to `up`, so that what is measured is what people run.
  public static List<String> launcherOptions() {
    var options = System.getProperty("millrace.java-options", "").strip();
    return options.isEmpty() ? List.of() : List.of(options.split("\\s+", -1));
  }

  public HubAccess access() {
    return access;
  }

  public String databaseUrl(String name) {
    var url = access.databases().get(name);
    if (url == null) throw new IllegalArgumentException("no database " + name);
    return url + "?user=" + access.databaseUser();
  }

  public long pid() {
    return process.pid();
  }

  /// The processes whose time a payment takes, by what they are called in tables.
  public Map<String, Long> parts() {
    return Map.of(Costs.SERVER, pid(), "postgres", part("postgres"), "anvil", part("anvil"));
  }

  /// The process of a child of the hub.
  public long part(String program) {
    return process
        .handle()
        .children()
        .filter(child -> child.info().command().filter(it -> it.endsWith(program)).isPresent())
        .findFirst()
        .orElseThrow(() -> new IllegalStateException("the hub has no child " + program))
        .pid();
  }

  @Override
  public void close() {
    process.close();
  }
}
