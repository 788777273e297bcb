package millrace.embedded;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// A PostgreSQL server on the loopback address whose data stay in a directory. It is as durable
/// as any: a commit that was answered survives a kill of the server, of this JVM, or both.
///
/// Everybody who reaches the loopback address is let in without a password.
public final class LocalPostgres implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(LocalPostgres.class);
  private static final String USER = "postgres";
  private static final Pattern DATABASE_NAME = Pattern.compile("[a-z][a-z0-9_]{0,62}");

  /// Long enough for the replay of a log after a crash on a slow disk.
  private static final Duration START_TIMEOUT = Duration.ofSeconds(60);

  private static final Duration POLL = Duration.ofMillis(50);

  /// Said on the command line, where no edited configuration file can weaken it.
  private static final Map<String, String> DURABLE =
      Map.of("fsync", "on", "synchronous_commit", "on", "full_page_writes", "on");

  private static final Map<String, String> TUNING =
      Map.of(
          "max_connections", "200",
          "shared_buffers", "128MB",
          "listen_addresses", "127.0.0.1",
          "unix_socket_directories", "",
          "timezone", "UTC");

  private final Path data;
  private final Path log;
  private final int port;
  private final DirectoryLock lock;
  private final @Nullable ExitHook hook;
  private @Nullable Postmaster server;
  private boolean closed;

  private LocalPostgres(Builder builder) {
    data = builder.directory.resolve("data");
    log = builder.directory.resolve("server.log");
    lock = DirectoryLock.take(builder.directory);
    try {
      Postmaster.clearLeftovers(data);
      port = FreePort.orAny(builder.port, "PostgreSQL");
      server = launch();
    } catch (RuntimeException e) {
      lock.close();
      throw e;
    }
    hook = builder.stoppedByCaller ? null : ExitHook.run("postgres", this::close);
  }

  /// Describes a server that keeps its data in `directory`, which is made if it does not exist.
  public static Builder in(Path directory) {
    return new Builder(directory);
  }

  /// How a server is started.
  public static final class Builder {
    private final Path directory;
    private int port;
    private boolean stoppedByCaller;

    private Builder(Path directory) {
      this.directory = directory.toAbsolutePath().normalize();
    }

    /// A fixed port. Without one the server takes any that is free.
    public Builder port(int port) {
      this.port = port;
      return this;
    }

    /// No shutdown hook: hooks run in no order, and whoever closes its users in order wants to
    /// close the server after them.
    public Builder stoppedByCaller() {
      stoppedByCaller = true;
      return this;
    }

    public LocalPostgres start() {
      return new LocalPostgres(this);
    }
  }

  public int port() {
    return port;
  }

  public String user() {
    return USER;
  }

  public String jdbcUrl(String database) {
    return "jdbc:postgresql://127.0.0.1:%d/%s".formatted(port, database);
  }

  /// Safe to repeat, and to call from several processes at once.
  public void createDatabaseIfMissing(String name) {
    if (!DATABASE_NAME.matcher(name).matches()) {
      throw new IllegalArgumentException("not a plain database name: " + name);
    }
    try (var connection = connect();
        var query = connection.prepareStatement("SELECT 1 FROM pg_database WHERE datname = ?")) {
      query.setString(1, name);
      try (var row = query.executeQuery()) {
        if (row.next()) return;
      }
      try (var statement = connection.createStatement()) {
        statement.execute("CREATE DATABASE " + name);
      }
    } catch (SQLException e) {
      var duplicate = "42P04".equals(e.getSQLState()) || "23505".equals(e.getSQLState());
      if (!duplicate) throw new IllegalStateException("cannot create the database " + name, e);
    }
  }

  /// Stops in order, if it still runs, and starts on the same port and data.
  public synchronized void restart() {
    requireOpen();
    stop();
    server = launch();
  }

  /// A power cut: no checkpoint, no goodbye to the clients. It stays down until [#restart()].
  public synchronized void killImmediately() {
    requireOpen();
    var running = server;
    server = null;
    if (running != null) running.stopImmediately();
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

  private void requireOpen() {
    if (closed) throw new IllegalStateException("this PostgreSQL was closed");
  }

  private Postmaster launch() {
    long begin = System.nanoTime();
    Postmaster.clearLeftovers(data);
    var binaries = PostgresBinaries.unpacked();
    if (!Files.exists(data)) initialise(binaries);
    var started = Postmaster.start(binaries, settings(), log);
    try {
      awaitAnswer(started);
      requireDurable();
    } catch (RuntimeException e) {
      started.stopFast();
      throw e;
    }
    LOG.info(
        "PostgreSQL on port {} after {} ms, data in {}",
        port,
        Duration.ofNanos(System.nanoTime() - begin).toMillis(),
        data);
    return started;
  }

  /// In another directory first, so that a kill in between leaves no half-made one behind.
  private void initialise(PostgresBinaries binaries) {
    var fresh = data.resolveSibling("data.new");
    Directories.delete(fresh);
    var arguments =
        List.of("-A", "trust", "-U", USER, "-E", "UTF-8", "--locale=C", "-D", fresh.toString());
    var initdb = ChildProcess.start(binaries.command("initdb", arguments), log);
    if (!initdb.ends() || !Files.exists(fresh.resolve("PG_VERSION"))) {
      throw new IllegalStateException("initdb failed, " + ChildProcess.lastWords(log));
    }
    try {
      Files.move(fresh, data);
    } catch (IOException e) {
      throw new UncheckedIOException("cannot make " + data, e);
    }
  }

  private List<String> settings() {
    var settings = new ArrayList<>(List.of("-D", data.toString(), "-p", Integer.toString(port)));
    DURABLE.forEach((name, value) -> settings.addAll(List.of("-c", name + "=" + value)));
    TUNING.forEach((name, value) -> settings.addAll(List.of("-c", name + "=" + value)));
    return settings;
  }

  private void awaitAnswer(Postmaster started) {
    var deadline = System.nanoTime() + START_TIMEOUT.toNanos();
    while (!answers()) {
      if (!started.process().alive()) {
        throw new IllegalStateException(
            "PostgreSQL does not start, " + ChildProcess.lastWords(log));
      }
      if (System.nanoTime() > deadline) {
        throw new IllegalStateException(
            "PostgreSQL does not answer, " + ChildProcess.lastWords(log));
      }
      Pause.of(POLL);
    }
  }

  private boolean answers() {
    try (var connection = connect()) {
      return connection.isValid(1);
    } catch (SQLException e) {
      LOG.trace("PostgreSQL is not there yet", e);
      return false;
    }
  }

  /// Asks the server itself, and makes sure that it is ours and not another one on this port.
  private void requireDurable() {
    try (var connection = connect()) {
      var directory = show(connection, "data_directory");
      if (!data.toString().equals(directory)) {
        throw new IllegalStateException(
            "port %d is answered by a PostgreSQL on %s".formatted(port, directory));
      }
      for (var setting : DURABLE.entrySet()) {
        var value = show(connection, setting.getKey());
        if (!setting.getValue().equals(value)) {
          throw new IllegalStateException(
              "PostgreSQL would lose acknowledged commits: %s is %s"
                  .formatted(setting.getKey(), value));
        }
      }
    } catch (SQLException e) {
      throw new IllegalStateException("cannot check the settings of PostgreSQL", e);
    }
  }

  private static String show(Connection connection, String setting) throws SQLException {
    try (var statement = connection.createStatement();
        var row = statement.executeQuery("SHOW " + setting)) {
      row.next();
      return row.getString(1);
    }
  }

  private Connection connect() throws SQLException {
    return DriverManager.getConnection(jdbcUrl("postgres"), USER, "");
  }

  private void stop() {
    var running = server;
    server = null;
    if (running != null) running.stopFast();
  }
}
