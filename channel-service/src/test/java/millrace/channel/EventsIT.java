package millrace.channel;

import static millrace.channel.TestHub.merchant;
import static millrace.channel.TestHub.request;
import static millrace.channel.TestHub.state;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import millrace.channel.sql.Transactions;
import millrace.messaging.MessagingJson;
import millrace.messaging.command.DepositOutcome;
import millrace.messaging.command.PaymentOutcome.Taken;
import millrace.messaging.event.ChainEvent.HeadSeen;
import millrace.messaging.event.ChainEvent.WithdrawalSeen;
import millrace.messaging.event.ChannelEvent.DepositAuthorized;
import millrace.messaging.event.Event;
import millrace.messaging.event.SettlementEvent.DepositConfirmed;
import millrace.messaging.outbox.Outbox;
import millrace.protocol.channel.PendingWithdrawal;
import millrace.protocol.type.Amount;
import millrace.protocol.type.Bytes32;
import millrace.testkit.TestPostgres;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/// The whole way through Kafka, in and out.
final class EventsIT {
  private static TestHub hub = start();

  private static TestHub start() {
    return TestHub.start(TestPostgres.freshDatabase(), 1, Map.of());
  }

  @BeforeAll
  static void theChainIsFollowed() {
    publish("head", new HeadSeen(1, Bytes32.ZERO, 1, Instant.now().plusSeconds(600)));
    await()
        .atMost(Duration.ofSeconds(60))
        .until(
            () -> hub.sql().sql("SELECT count(*) FROM chain_head").query(Long.class).single() == 1);
  }

  @AfterAll
  static void end() {
    hub.close();
  }

  @Test
  void aDepositIsAskedForConfirmedSpentAndFrozenThroughKafka() throws Exception {
    var channel = TestChannel.of(hub.terms());
    var key = channel.id().toString();
    var answer =
        CompletableFuture.supplyAsync(
            () ->
                hub.post(
                    "/internal/deposits?waitMillis=30000",
                    channel.deposit(50_000, 1),
                    DepositOutcome.class));
    await().until(() -> !PublishedEvents.of(hub, key, "deposit_authorized").isEmpty());
    var asked =
        MessagingJson.mapper()
            .readValue(
                PublishedEvents.of(hub, key, "deposit_authorized").getFirst(),
                DepositAuthorized.class);
    assertThat(asked.authorizationNonce()).isEqualTo(channel.nonce(1));

    publish(
        key,
        new DepositConfirmed(
            channel.id(), channel.nonce(1), Bytes32.ZERO, Amount.of(50_000), state(5, 50_000, 0)));
    assertThat(answer.get()).isInstanceOf(DepositOutcome.Confirmed.class);

    var request = request(channel, merchant(), 70, 70);
    assertThat(hub.charge(request)).isInstanceOf(Taken.class);
    var accepted = PublishedEvents.payments(hub, channel.id()).getFirst();
    assertThat(accepted.charged()).isEqualTo(Amount.of(70));
    assertThat(accepted.voucher()).isEqualTo(request.voucher());

    publish(
        key,
        new WithdrawalSeen(channel.id(), new PendingWithdrawal(Amount.of(1), 2_000_000_000L, 6)));
    await()
        .atMost(Duration.ofSeconds(60))
        .until(() -> hub.channel(channel.id()).withdrawRequestedAt() > 0);
    assertThat(PublishedEvents.of(hub, key, "channel_frozen")).hasSize(1);
  }

  /// As settlement would: the test lends it our own outbox.
  private static void publish(String key, Event event) {
    var outbox = hub.replica(0).getBean(Outbox.class);
    hub.replica(0)
        .getBean(Transactions.class)
        .run(
            () -> {
              outbox.append(key, event);
              return true;
            });
  }
}
