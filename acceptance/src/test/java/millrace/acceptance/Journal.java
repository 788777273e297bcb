package millrace.acceptance;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;
import millrace.payer.Receipt;
import millrace.protocol.type.Amount;
import millrace.protocol.type.ChannelId;

/// What payers were told, kept by the payers, to hold against the hub's books.
final class Journal {
  private static final Duration LIST_LIMIT = Duration.ofSeconds(60);

  private final Map<ChannelId, Amount> owed = new ConcurrentHashMap<>();
  private final Map<Merchant, Amount> earned = new ConcurrentHashMap<>();
  private final AtomicLong payments = new AtomicLong();
  private final AtomicLong units = new AtomicLong();

  void acknowledged(Merchant merchant, Receipt receipt) {
    if (receipt.replayed()) return;
    payments.incrementAndGet();
    units.addAndGet(receipt.charged().units().longValueExact());
    owed.merge(receipt.channelId(), receipt.chargedCumulative(), Amount::max);
    earned.merge(merchant, receipt.charged(), Amount::plus);
  }

  long payments() {
    return payments.get();
  }

  Amount total() {
    return Amount.of(units.get());
  }

  /// Nothing that was acknowledged is missing from the books, and the books are in order.
  void holdAgainst(Hub hub) throws IOException, InterruptedException {
    for (var entry : owed.entrySet()) {
      assertThat(hub.channel(entry.getKey()).charged())
          .as("charged of channel %s", entry.getKey())
          .isGreaterThanOrEqualTo(entry.getValue());
    }
    for (var entry : earned.entrySet()) {
      assertThat(entry.getKey().balance().earned())
          .as("earned by %s", entry.getKey().id())
          .isGreaterThanOrEqualTo(entry.getValue());
    }
    inOrder(hub);
  }

  /// What the books have and what the merchant is shown become the same.
  static void shown(Merchant merchant) throws InterruptedException {
    Eventually.holds(
        "the list of payments adds up to what was earned",
        LIST_LIMIT,
        () -> merchant.listed().equals(merchant.balance().earned()));
  }

  static void inOrder(Hub hub) throws IOException, InterruptedException {
    var ledger = hub.ledger();
    assertThat(ledger.path("imbalance").asString()).as("ledger: %s", ledger).isEqualTo("0");
    assertThat(ledger.path("payersOff").asInt(-1)).as("ledger: %s", ledger).isZero();
  }
}
