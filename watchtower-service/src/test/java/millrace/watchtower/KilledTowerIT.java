package millrace.watchtower;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import millrace.messaging.Topics;
import millrace.testkit.Seeds;
import millrace.testkit.TestChain;
import millrace.testkit.TestDatabase;
import millrace.testkit.TestKafka;
import millrace.testkit.TestPostgres;
import org.awaitility.core.ConditionFactory;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.jdbc.datasource.DriverManagerDataSource;

/// A tower that is a process of its own and is killed while hundreds leave.
class KilledTowerIT {
  private static final Logger LOG = LoggerFactory.getLogger(KilledTowerIT.class);
  private static final int LEAVERS = 500;
  private static final int LAST_LINES = 40;
  private static final long SEED = 20_261_129;

  private final List<Process> started = new ArrayList<>();

  @Test
  void killedAtRandomMomentsOfAMassExitItClaimsEveryChannelOnce(@TempDir Path directory)
      throws IOException, InterruptedException {
    var random = new Random(SEED);
    var database = TestPostgres.freshDatabase();
    try (var chain = TestChain.start();
        var rpc = Tower.rpc(chain)) {
      var exit = new MassExit(chain, LEAVERS);
      var arguments = Tower.arguments(chain, TestKafka.bootstrapServers(), database, small());
      TestKafka.createTopicIfMissing(Topics.CHANNELS, 6);
      Tower.publish(TestKafka.bootstrapServers(), exit.payments());
      var log = Files.createFile(directory.resolve("tower.log"));
      var process = start(arguments, log);
      var held = JdbcClient.create(source(database));
      awaiting("it holds all vouchers", log)
          .ignoreExceptions()
          .until(() -> vouchers(held, exit) == LEAVERS);
      chain.setAutomine(false);
      exit.leave();
      chain.setIntervalMining(Duration.ofSeconds(1));
      var claimedAtKills = new ArrayList<Long>();
      for (int i = 0; i < Seeds.rounds(4, 40); i++) {
        // A running tower whose claims are being mined, however long its start takes, and then a
        // random moment of the round of blocks in which they become final.
        long attempts = count(held, "chain_attempt");
        awaiting("it claims", log)
            .until(() -> count(held, "chain_attempt") > attempts || exit.claimed(rpc) == LEAVERS);
        long before = exit.claimed(rpc);
        awaiting("a claim is mined", log)
            .until(() -> exit.claimed(rpc) > before || before == LEAVERS);
        LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(random.nextInt(3_000)));
        process.destroyForcibly().waitFor();
        claimedAtKills.add(exit.claimed(rpc));
        LOG.info("kill {} with {} of {} claimed", i + 1, claimedAtKills.getLast(), LEAVERS);
        process = start(arguments, log);
      }
      assertThat(claimedAtKills)
          .as("kills fall between the first claim and the last")
          .filteredOn(claimed -> claimed > 0 && claimed < LEAVERS)
          .hasSizeGreaterThan(1);
      awaiting("everybody is claimed", log).until(() -> exit.claimed(rpc) == LEAVERS);
      awaiting("all is settled", log).until(() -> unsettled(held) == 0);
      process.destroy();
      assertThat(process.waitFor(1, TimeUnit.MINUTES)).isTrue();
      assertThat(count(held, "claim_row"))
          .as("no channel is claimed twice because of a kill")
          .isEqualTo(LEAVERS);
    }
  }

  /// For what a living tower does. One that has ended says what it said last.
  private ConditionFactory awaiting(String what, Path log) {
    return await(what)
        .atMost(Duration.ofMinutes(3))
        .failFast(
            () ->
                assertThat(started.getLast().isAlive())
                    .as(() -> "the tower runs; it says: " + lastWords(log))
                    .isTrue());
  }

  private static String lastWords(Path log) {
    try {
      var all = Files.readAllLines(log);
      return String.join("\n", all.subList(Math.max(0, all.size() - LAST_LINES), all.size()));
    } catch (IOException e) {
      return "no log: " + e;
    }
  }

  /// Claims so small, and so few of them at a time, that there are many moments between the first
  /// that is mined and the last.
  private static Map<String, Object> small() {
    return Map.of(
        "millrace.watchtower.batch-rows", 20,
        "millrace.chain.max-in-flight", 4,
        "millrace.chain.sender-lease", "1s");
  }

  @AfterEach
  void endWhatIsLeft() {
    started.forEach(Process::destroyForcibly);
  }

  private Process start(List<String> arguments, Path log) throws IOException {
    var command = new ArrayList<String>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.addAll(List.of("-Xmx256m", "-XX:+UseSerialGC", "-XX:TieredStopAtLevel=1"));
    command.addAll(List.of("-cp", System.getProperty("java.class.path")));
    command.add(WatchtowerService.class.getName());
    command.addAll(arguments);
    var process =
        new ProcessBuilder(command)
            .redirectErrorStream(true)
            .redirectOutput(ProcessBuilder.Redirect.appendTo(log.toFile()))
            .start();
    started.add(process);
    return process;
  }

  private static DriverManagerDataSource source(TestDatabase database) {
    return new DriverManagerDataSource(database.jdbcUrl(), database.user(), database.password());
  }

  private static long count(JdbcClient jdbc, String table) {
    return jdbc.sql("SELECT count(*) FROM " + table).query(Long.class).single();
  }

  /// The topic has those of other tests as well.
  private static long vouchers(JdbcClient jdbc, MassExit exit) {
    return jdbc.sql("SELECT count(*) FROM voucher WHERE channel_id = ANY (?)")
        .param(exit.channels())
        .query(Long.class)
        .single();
  }

  private static long unsettled(JdbcClient jdbc) {
    return jdbc.sql("SELECT count(*) FROM withdrawal WHERE verdict <> 'SAFE'")
        .query(Long.class)
        .single();
  }
}
