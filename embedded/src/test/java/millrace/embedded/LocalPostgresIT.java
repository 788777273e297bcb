package millrace.embedded;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.DriverManager;
import java.sql.SQLException;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class LocalPostgresIT {
  @TempDir static Path directory;
  static LocalPostgres postgres;

  @BeforeAll
  static void start() {
    postgres = LocalPostgres.in(directory).start();
    postgres.createDatabaseIfMissing("ledger");
  }

  @AfterAll
  static void stop() {
    postgres.close();
  }

  @Test
  void syncsEveryCommitToTheDisk() throws SQLException {
    assertThat(ask("SHOW fsync")).isEqualTo("on");
    assertThat(ask("SHOW synchronous_commit")).isEqualTo("on");
    assertThat(ask("SHOW full_page_writes")).isEqualTo("on");
  }

  @Test
  void keepsItsDataAcrossRestartsKillsAndANewRun() throws SQLException {
    run("CREATE TABLE entry (id int)");
    run("INSERT INTO entry VALUES (1)");

    postgres.restart();
    run("INSERT INTO entry VALUES (2)");

    postgres.killImmediately();
    assertThatThrownBy(() -> run("INSERT INTO entry VALUES (0)")).isInstanceOf(SQLException.class);
    postgres.restart();
    run("INSERT INTO entry VALUES (3)");

    postgres.close();
    postgres = LocalPostgres.in(directory).start();
    postgres.createDatabaseIfMissing("ledger");
    assertThat(ask("SELECT string_agg(id::text, ' ' ORDER BY id) FROM entry")).isEqualTo("1 2 3");
  }

  /// What the kill of the machine leaves: no server, and a file that names some other process.
  @Test
  void startsAlthoughAnotherProcessGotTheNumberOfTheKilledServer() throws Exception {
    var file = directory.resolve("data/postmaster.pid");
    var left = Files.readAllLines(file);
    postgres.killImmediately();
    left.set(0, Long.toString(ProcessHandle.current().pid()));
    Files.write(file, left);

    postgres.restart();

    assertThat(ask("SELECT 1")).isEqualTo("1");
  }

  @Test
  void refusesADirectoryThatIsInUse() {
    assertThatThrownBy(() -> LocalPostgres.in(directory).start())
        .hasMessageContaining("another running process uses");
  }

  @Test
  void saysWhichPortIsTaken(@TempDir Path other) {
    assertThatThrownBy(() -> LocalPostgres.in(other).port(postgres.port()).start())
        .hasMessageContaining("PostgreSQL cannot listen on port " + postgres.port());
  }

  private static void run(String sql) throws SQLException {
    try (var connection =
            DriverManager.getConnection(postgres.jdbcUrl("ledger"), postgres.user(), "");
        var statement = connection.createStatement()) {
      statement.execute(sql);
    }
  }

  private static String ask(String sql) throws SQLException {
    try (var connection =
            DriverManager.getConnection(postgres.jdbcUrl("ledger"), postgres.user(), "");
        var statement = connection.createStatement();
        var row = statement.executeQuery(sql)) {
      row.next();
      return row.getString(1);
    }
  }
}
