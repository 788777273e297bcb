package millrace.embedded;

import java.nio.file.Path;
import java.sql.DriverManager;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import millrace.protocol.type.Amount;

/// The JVM that [KilledJvmIT] kills.
final class KilledRun {
  private KilledRun() {}

  public static void main(String[] arguments) throws Exception {
    var directory = Path.of(arguments[0]);
    var postgres = LocalPostgres.in(directory.resolve("postgres")).start();
    try (var connection =
            DriverManager.getConnection(postgres.jdbcUrl("postgres"), postgres.user(), "");
        var statement = connection.createStatement()) {
      statement.execute("CREATE TABLE kept AS SELECT 42 AS answer");
    }
    var chain = DevChain.in(directory.resolve("chain")).saveEvery(Duration.ZERO).start();
    chain.mint(DevAccount.payer(0).address(), Amount.of(42));
    System.out.println("ready");
    System.out.flush();
    new CountDownLatch(1).await();
  }
}
