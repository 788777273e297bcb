package millrace.embedded;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.DriverManager;
import millrace.protocol.type.Amount;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class KilledJvmIT {
  @TempDir Path directory;

  /// The children of the killed JVM still run, hold their ports, and the chain is in no file yet.
  @Test
  void theNextRunTakesOverWhatTheChildrenOfAKilledJvmHold() throws Exception {
    try (var killed = JavaProcess.start(KilledRun.class, directory.toString())) {
      killed.awaitLine("ready");
    }

    try (var postgres = LocalPostgres.in(directory.resolve("postgres")).start();
        var chain = DevChain.in(directory.resolve("chain")).start();
        var connection =
            DriverManager.getConnection(postgres.jdbcUrl("postgres"), postgres.user(), "");
        var statement = connection.createStatement();
        var row = statement.executeQuery("SELECT answer FROM kept")) {
      assertThat(row.next()).isTrue();
      assertThat(row.getInt(1)).isEqualTo(42);
      assertThat(chain.tokenBalance(DevAccount.payer(0).address())).isEqualTo(Amount.of(42));
    }
  }

  /// Goal: a benchmark that was killed leaves nothing running for longer than until the next one.
  @Test
  void whoBeginsAnewEndsWhatTheChildrenOfAKilledJvmHold() throws Exception {
    try (var killed = JavaProcess.start(KilledRun.class, directory.toString())) {
      killed.awaitLine("ready");
      assertThatThrownBy(() -> Leftovers.delete(directory)).hasMessageContaining("another running");
    }
    var chain = pid(directory.resolve("chain").resolve(Anvil.PID_FILE));
    var postgres = pid(directory.resolve("postgres").resolve("data").resolve(Postmaster.PID_FILE));
    assertThat(ProcessHandle.of(chain)).get().matches(ProcessHandle::isAlive);
    assertThat(ProcessHandle.of(postgres)).get().matches(ProcessHandle::isAlive);

    Leftovers.delete(directory);

    assertThat(directory).doesNotExist();
    assertThat(ProcessHandle.of(chain).filter(ProcessHandle::isAlive)).isEmpty();
    assertThat(ProcessHandle.of(postgres).filter(ProcessHandle::isAlive)).isEmpty();
  }

  private static long pid(Path file) throws IOException {
    return Long.parseLong(Files.readString(file).split("\\s", 2)[0]);
  }
}
