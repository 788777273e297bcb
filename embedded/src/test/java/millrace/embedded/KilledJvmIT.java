package millrace.embedded;

import static org.assertj.core.api.Assertions.assertThat;

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
}
