package millrace.gateway.webhook;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.transaction.support.TransactionTemplate;

/// Those who want the rows of one database at the same time.
record Sides(JdbcClient jdbc, TransactionTemplate transaction) {
  /// Runs in a transaction of its own, as everything does that is tested here.
  CompletableFuture<Void> run(Runnable work) {
    return CompletableFuture.runAsync(
        () -> transaction.executeWithoutResult(_ -> work.run()),
        task -> Thread.ofVirtual().start(task));
  }

  /// Locks rows until the latch is down.
  CountDownLatch hold(String sql, Object row) {
    var locked = new CountDownLatch(1);
    var released = new CountDownLatch(1);
    var _ =
        run(
            () -> {
              jdbc.sql(sql).param(row).query(_ -> {});
              locked.countDown();
              awaitDown(released);
            });
    awaitDown(locked);
    return released;
  }

  private static void awaitDown(CountDownLatch latch) {
    try {
      assertThat(latch.await(60, TimeUnit.SECONDS)).isTrue();
    } catch (InterruptedException e) {
      throw new IllegalStateException(e);
    }
  }

  /// Until so many wait for locks, or the work did not have to.
  void awaitHeldUp(int count, CompletableFuture<Void> work) {
    await()
        .pollInterval(Duration.ofMillis(20))
        .until(
            () ->
                work.isDone()
                    || jdbc.sql(
                                """
                                SELECT count(*) FROM pg_stat_activity
                                WHERE datname = current_database() AND wait_event_type = 'Lock'
                                """)
                            .query(Integer.class)
                            .single()
                        == count);
  }
}
