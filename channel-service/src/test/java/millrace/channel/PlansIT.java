package millrace.channel;

import static millrace.channel.TestHub.merchant;
import static millrace.channel.TestHub.request;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.time.Duration;
import java.util.Map;
import millrace.testkit.TestPostgres;
import org.junit.jupiter.api.Test;

/// What a payment costs must not grow with the journal. The plans are made while the tables are
/// all but empty, and are kept.
class PlansIT {
  private static final int PAYMENTS = 30;

  @Test
  void aPaymentReadsNoTableFromEndToEnd() {
    var hub = TestHub.start(TestPostgres.freshDatabase(), 1, Map.of());
    try {
      var merchant = merchant();
      var channel = hub.open(1_000);
      long before = scans(hub, "payment") + scans(hub, "channel") + scans(hub, "outbox");
      for (int i = 1; i <= PAYMENTS; i++) hub.charge(request(channel, merchant, i * 10L, 10));

      // PostgreSQL counts a moment later.
      await()
          .atMost(Duration.ofSeconds(30))
          .untilAsserted(
              () -> assertThat(count(hub, "idx_scan", "payment")).isGreaterThan(PAYMENTS));
      long after = scans(hub, "payment") + scans(hub, "channel") + scans(hub, "outbox");
      assertThat(after - before).isLessThan(PAYMENTS);
    } finally {
      hub.close();
    }
  }

  private static long scans(TestHub hub, String table) {
    return count(hub, "seq_scan", table);
  }

  private static long count(TestHub hub, String column, String table) {
    return hub.sql()
        .sql("SELECT %s FROM pg_stat_user_tables WHERE relname = ?".formatted(column))
        .param(table)
        .query(Long.class)
        .single();
  }
}
