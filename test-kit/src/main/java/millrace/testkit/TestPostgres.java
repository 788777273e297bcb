package millrace.testkit;

import java.sql.DriverManager;
import java.sql.SQLException;
import java.util.concurrent.atomic.AtomicInteger;
import millrace.embedded.LocalPostgres;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.testcontainers.postgresql.PostgreSQLContainer;

/// The PostgreSQL server of this JVM's tests. A test that wants to break one starts a
/// [LocalPostgres] of its own.
public final class TestPostgres {
  private static final Logger LOG = LoggerFactory.getLogger(TestPostgres.class);
  private static final String IMAGE = "postgres:18-alpine";
  private static final AtomicInteger DATABASES = new AtomicInteger();

  private TestPostgres() {}

  /// Ask once per test class; a service's own migrations make the tables.
  public static TestDatabase freshDatabase() {
    var name = "test_" + DATABASES.incrementAndGet();
    create(name);
    var server = Shared.SERVER;
    return new TestDatabase(name, server.url(name), server.user(), server.password());
  }

  /// As a backup restores it. Nobody may be connected to the original.
  public static TestDatabase copyOf(TestDatabase original) {
    var name = "test_" + DATABASES.incrementAndGet();
    create(name + " TEMPLATE " + original.name());
    var server = Shared.SERVER;
    return new TestDatabase(name, server.url(name), server.user(), server.password());
  }

  private static void create(String what) {
    var server = Shared.SERVER;
    try (var connection =
            DriverManager.getConnection(server.url("postgres"), server.user(), server.password());
        var statement = connection.createStatement()) {
      statement.execute("CREATE DATABASE " + what);
    } catch (SQLException e) {
      throw new IllegalStateException("cannot create the database " + what, e);
    }
  }

  private record Server(String address, String user, String password) {
    String url(String database) {
      return "jdbc:postgresql://%s/%s".formatted(address, database);
    }
  }

  /// Started by the first test that asks.
  private static final class Shared {
    static final Server SERVER = Docker.answers() ? container() : embedded();

    private static Server embedded() {
      LOG.info("integration tests use embedded PostgreSQL, because {}", Docker.reason());
      var postgres = LocalPostgres.in(Scratch.directory("postgres")).stoppedByCaller().start();
      Scratch.atExit(
          () -> {
            postgres.killImmediately(); // Nobody will read its data again.
            postgres.close();
          });
      return new Server("127.0.0.1:" + postgres.port(), postgres.user(), "");
    }

    @SuppressWarnings("resource") // Testcontainers removes it after the end of the JVM.
    private static Server container() {
      LOG.info("integration tests use the container {}", IMAGE);
      var postgres = new PostgreSQLContainer(IMAGE);
      // Testcontainers would switch fsync off.
      postgres.setCommand("postgres", "-c", "fsync=on", "-c", "max_connections=200");
      postgres.start();
      return new Server(
          postgres.getHost() + ":" + postgres.getMappedPort(PostgreSQLContainer.POSTGRESQL_PORT),
          postgres.getUsername(),
          postgres.getPassword());
    }
  }
}
