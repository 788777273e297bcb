package millrace.bench.tower;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import millrace.bench.hub.BenchHub;
import millrace.embedded.DevAccount;
import millrace.embedded.DevDeployment;
import millrace.embedded.FreePort;
import millrace.embedded.LocalPostgres;
import millrace.watchtower.WatchtowerService;
import tools.jackson.databind.json.JsonMapper;

/// A watchtower in a JVM of its own with the heap of the goal, and nothing beside it but its
/// database and a node: there is no broker at the address it is given.
final class TowerProcess implements AutoCloseable {
  static final int HEAP_MEBIBYTES = 512;

  private static final long PATIENCE_NANOS = TimeUnit.MINUTES.toNanos(2);
  private static final long MEBI = 1L << 20;

  private final Process process;
  private final int port;
  private final Path log;
  private final HttpClient http = HttpClient.newHttpClient();

  private TowerProcess(Process process, int port, Path log) {
    this.process = process;
    this.port = port;
    this.log = log;
  }

  static TowerProcess start(
      Path folder,
      DevDeployment chain,
      LocalPostgres postgres,
      String database,
      Map<String, String> changes) {
    int port = FreePort.any();
    var command = new ArrayList<String>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.addAll(BenchHub.launcherOptions());
    command.add("-Xmx" + HEAP_MEBIBYTES + "m");
    command.addAll(List.of("-cp", System.getProperty("java.class.path")));
    command.add(WatchtowerService.class.getName());
    properties(chain, postgres, database, port, changes)
        .forEach((name, value) -> command.add("--%s=%s".formatted(name, value)));
    var log = folder.resolve(database + ".log");
    try {
      Files.createDirectories(folder);
      var process =
          new ProcessBuilder(command)
              .redirectErrorStream(true)
              .redirectOutput(ProcessBuilder.Redirect.appendTo(log.toFile()))
              .start();
      return new TowerProcess(process, port, log);
    } catch (IOException e) {
      throw new UncheckedIOException("cannot start a watchtower", e);
    }
  }

  private static Map<String, String> properties(
      DevDeployment chain,
      LocalPostgres postgres,
      String database,
      int port,
      Map<String, String> changes) {
    var all = new TreeMap<String, String>();
    all.put("server.port", Integer.toString(port));
    all.put("spring.datasource.url", postgres.jdbcUrl(database));
    all.put("spring.datasource.username", postgres.user());
    all.put("spring.kafka.bootstrap-servers", "127.0.0.1:9");
    all.put("logging.level.org.apache.kafka", "OFF");
    all.put("millrace.hub.vault", chain.vault().toString());
    all.put("millrace.hub.channels", chain.channels().toString());
    all.put("millrace.hub.token.address", chain.token().toString());
    all.put("millrace.chain.rpc-urls", chain.rpcUrl());
    all.put("millrace.watchtower.key", DevAccount.WATCHTOWER.privateKey());
    all.putAll(changes);
    return all;
  }

  /// Waits until it serves, which is after its tables are there.
  TowerProcess awaitReady() {
    long start = System.nanoTime();
    while (!isReady()) {
      if (!process.isAlive() || System.nanoTime() - start > PATIENCE_NANOS) {
        throw new IllegalStateException("the watchtower does not start; see " + log);
      }
      LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(100));
    }
    return this;
  }

  private boolean isReady() {
    try {
      return get("/actuator/health/readiness").contains("UP");
    } catch (UncheckedIOException e) {
      return false;
    }
  }

  /// What is used of its heap now, rubbish included; nothing before it serves.
  long heapMebibytes() {
    if (!isReady()) return 0;
    var answer = get("/actuator/metrics/jvm.memory.used?tag=area:heap");
    var value = JsonMapper.shared().readTree(answer).path("measurements").path(0).path("value");
    return Math.round(value.asDouble() / MEBI);
  }

  private String get(String path) {
    var request = HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port + path)).build();
    try {
      return http.send(request, BodyHandlers.ofString()).body();
    } catch (IOException e) {
      throw new UncheckedIOException("no answer from the watchtower", e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException("was not waited for", e);
    }
  }

  @Override
  public void close() {
    http.close();
    process.destroy();
    try {
      if (!process.waitFor(30, TimeUnit.SECONDS)) process.destroyForcibly();
    } catch (InterruptedException e) {
      process.destroyForcibly();
      Thread.currentThread().interrupt();
    }
  }
}
