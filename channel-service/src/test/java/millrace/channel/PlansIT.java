package millrace.channel;

import static millrace.channel.TestHub.merchant;
import static millrace.channel.TestHub.request;
import static millrace.channel.TestHub.state;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import java.util.stream.LongStream;
import java.util.stream.Stream;
import millrace.messaging.command.PaymentCommand;
import millrace.messaging.command.PaymentCommand.Charge;
import millrace.messaging.command.PaymentOutcome.Taken;
import millrace.messaging.event.ChainEvent.ChannelStateSeen;
import millrace.protocol.type.MerchantId;
import millrace.testkit.TestPostgres;
import org.junit.jupiter.api.Test;

/// What a payment costs must grow neither with the journal nor with the number of channels. The
/// plans are made while the tables are all but empty, and are kept.
class PlansIT {
  private static final int CHANNELS = 60;
  private static final int ROUNDS_BEFORE = 10;
  private static final int ROUNDS = 10;

  @Test
  void aPaymentReadsAFewRowsHoweverManyThereAre() {
    var hub = TestHub.start(TestPostgres.freshDatabase(), 1, Map.of());
    try {
      hub.headSeen(Instant.now().plusSeconds(600));
      var merchant = merchant();
      var channels = Stream.generate(() -> hub.open(1_000)).limit(CHANNELS).toList();
      LongStream.rangeClosed(1, ROUNDS_BEFORE)
          .forEach(
              round ->
                  assertThat(hub.pay(0, charges(channels, merchant, round)))
                      .allMatch(Taken.class::isInstance));
      awaitPayments(hub, CHANNELS * ROUNDS_BEFORE);
      var before = rowsRead(hub);

      IntStream.rangeClosed(1, ROUNDS)
          .forEach(round -> payHoldAndReport(hub, channels.getFirst(), merchant, round));
      awaitPayments(hub, CHANNELS * ROUNDS_BEFORE + 2 * ROUNDS);
      assertThat(rowsRead(hub) - before).isLessThan(30L * ROUNDS);
    } finally {
      hub.close();
    }
  }

  /// All that locks and writes a channel: a charge, a reservation, its capture, a fact of
  /// the chain.
  private static void payHoldAndReport(
      TestHub hub, TestChannel channel, MerchantId merchant, int round) {
    long spent = ROUNDS_BEFORE + 2L * round;
    assertThat(hub.charge(request(channel, merchant, spent - 1, 1))).isInstanceOf(Taken.class);
    var held = request(channel, merchant, spent, 1);
    assertThat(hub.reserve(held, Instant.now().plusSeconds(60))).isInstanceOf(Taken.class);
    assertThat(hub.capture(held, 1)).isInstanceOf(Taken.class);
    hub.report(new ChannelStateSeen(channel.id(), state(10 + round, 1_000, 0)));
  }

  private static PaymentCommand[] charges(
      List<TestChannel> channels, MerchantId merchant, long ceiling) {
    return channels.stream()
        .map(channel -> new Charge(request(channel, merchant, ceiling, 1)))
        .toArray(PaymentCommand[]::new);
  }

  /// PostgreSQL counts a moment later.
  private static void awaitPayments(TestHub hub, long payments) {
    await()
        .atMost(Duration.ofSeconds(30))
        .until(() -> count(hub, "n_tup_ins", "payment") == payments);
  }

  private static long rowsRead(TestHub hub) {
    return Stream.of("payment", "channel")
        .mapToLong(
            table ->
                count(hub, "seq_tup_read", table) + count(hub, "coalesce(idx_tup_fetch, 0)", table))
        .sum();
  }

  private static long count(TestHub hub, String column, String table) {
    return hub.sql()
        .sql("SELECT %s FROM pg_stat_user_tables WHERE relname = ?".formatted(column))
        .param(table)
        .query(Long.class)
        .single();
  }
}
