package millrace.gateway.payout;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.Executors;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import millrace.gateway.payout.ScheduleTurns.Turn;
import millrace.testkit.TestPostgres;
import org.flywaydb.core.Flyway;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.jdbc.datasource.DriverManagerDataSource;

/// Who may ask for a payout, with real transactions.
class ScheduleTurnsIT {
  private static final Duration LONG = Duration.ofHours(1);
  private static final Duration OVER = Duration.ZERO;
  private static final Instant NOON = Instant.parse("2026-11-22T12:00:00Z");

  private final JdbcClient jdbc = freshDatabase();
  private final ScheduleTurns turns = new ScheduleTurns(jdbc);

  private static JdbcClient freshDatabase() {
    var database = TestPostgres.freshDatabase();
    var source =
        new DriverManagerDataSource(database.jdbcUrl(), database.user(), database.password());
    Flyway.configure().dataSource(source).locations("classpath:db/gateway").load().migrate();
    return JdbcClient.create(source);
  }

  @BeforeEach
  void merchants() {
    for (int i = 0; i < 40; i++) {
      jdbc.sql(
              """
              INSERT INTO merchant (id, name, payout_address, metadata, created_at)
              VALUES (?, 'Shop', ?, '{}', now())
              """)
          .params(merchant(i), "0x" + "1".repeat(40))
          .update();
    }
  }

  @Test
  void gatewaysThatAskAtTheSameTimeGetDifferentMerchants() throws Exception {
    for (int i = 0; i < 40; i++) daily(merchant(i), "2026-11-22");
    try (var gateways = Executors.newVirtualThreadPerTaskExecutor()) {
      Callable<List<Turn>> take = () -> turns.take(7, LONG);
      var taken =
          gateways.invokeAll(IntStream.range(0, 12).mapToObj(_ -> take).toList()).stream()
              .flatMap(future -> future.resultNow().stream())
              .map(turn -> turn.merchant().value());
      var later = Stream.generate(() -> turns.take(7, LONG)).takeWhile(more -> !more.isEmpty());
      var all = Stream.concat(taken, later.flatMap(List::stream).map(t -> t.merchant().value()));
      assertThat(all.collect(Collectors.toList())).doesNotHaveDuplicates().hasSize(40);
    }
  }

  @Test
  void whatIsNotDueAndWhoAsksByHandHaveNoTurn() {
    daily(merchant(0), "2999-01-01");
    jdbc.sql("INSERT INTO payout_schedule (merchant_id, kind, due_at) VALUES (?, 'MANUAL', now())")
        .param(merchant(1))
        .update();
    assertThat(turns.take(10, LONG)).isEmpty();
  }

  @Test
  void aTurnWhoseGatewayDiedIsTakenAgainUnderTheSameName() {
    daily(merchant(0), "2026-11-22");
    var dead = turns.take(1, OVER).getFirst();
    var next = turns.take(1, LONG).getFirst();
    assertThat(next.key()).isEqualTo(dead.key());
    assertThat(next.key().value()).isEqualTo("schedule daily 2026-11-22");
    assertThat(turns.take(1, LONG)).isEmpty();
  }

  @Test
  void whoComesBackTooLateChangesNothing() {
    threshold(merchant(0));
    var late = turns.take(1, OVER).getFirst();
    var mine = turns.take(1, LONG).getFirst();
    turns.end(late, NOON, true);
    turns.putBack(late, OVER);
    assertThat(turns.take(1, LONG)).isEmpty();
    turns.end(mine, NOON, false);
    assertThat(turns.take(1, LONG).getFirst().key().value()).isEqualTo("schedule threshold 1");
  }

  @Test
  void eachPayoutOfAThresholdHasANameOfItsOwn() {
    threshold(merchant(0));
    for (int i = 1; i <= 3; i++) {
      var turn = turns.take(1, LONG).getFirst();
      assertThat(turn.key().value()).isEqualTo("schedule threshold " + i);
      turns.end(turn, NOON, true);
    }
  }

  @Test
  void aTurnPutBackComesAfterAPause() {
    daily(merchant(0), "2026-11-22");
    turns.putBack(turns.take(1, LONG).getFirst(), LONG);
    assertThat(turns.take(1, LONG)).isEmpty();
  }

  private void daily(String merchant, String day) {
    jdbc.sql(
            """
            INSERT INTO payout_schedule (merchant_id, kind, every, due_at)
            VALUES (?, 'INTERVAL', 'DAILY', ?::date AT TIME ZONE 'UTC')
            """)
        .params(merchant, day)
        .update();
  }

  private void threshold(String merchant) {
    jdbc.sql(
            """
            INSERT INTO payout_schedule (merchant_id, kind, threshold, due_at)
            VALUES (?, 'THRESHOLD', 5, '2026-11-22T00:00:00Z')
            """)
        .param(merchant)
        .update();
  }

  private static String merchant(int number) {
    return "mer_%026d".formatted(number);
  }
}
