package millrace.channel;

import static millrace.channel.TestHub.again;
import static millrace.channel.TestHub.merchant;
import static millrace.channel.TestHub.request;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.IntStream;
import millrace.messaging.command.PaymentCommand.Charge;
import millrace.messaging.command.PaymentOutcome;
import millrace.messaging.command.PaymentOutcome.Taken;
import millrace.messaging.command.PaymentRequest;
import millrace.messaging.command.PayoutCommand;
import millrace.messaging.command.PayoutOutcome;
import millrace.protocol.type.Amount;
import millrace.protocol.type.PayoutId;
import millrace.testkit.Persona;
import org.junit.jupiter.api.Test;

/// Two replicas on one database, asked at once.
final class ConcurrencyIT {
  private static final int CALLERS = 100;

  private final TestHub hub = TestHub.shared();

  @Test
  void aHundredVouchersAtOnceNeverTakeMoreThanTheBalanceAndNoneTwice() throws Exception {
    var merchant = merchant();
    var channel = hub.open(600);

    // Everybody tries the next ceilings of a price of 10: 60 fit.
    var outcomes =
        atOnce(
            caller -> {
              var mine = new ArrayList<PaymentOutcome>();
              for (int step = 1; step <= 65; step++) {
                var request = request(channel, merchant, 10L * step, 10);
                mine.addAll(hub.pay(caller, new Charge(request)));
                if (caller % 10 != 0 && step > 12) break;
              }
              return mine;
            });

    long taken = outcomes.stream().flatMap(List::stream).filter(Taken.class::isInstance).count();
    var view = hub.channel(channel.id());
    assertThat(view.charged()).isEqualTo(Amount.of(10 * taken));
    assertThat(view.charged()).isEqualTo(view.balance());
    assertThat(journal(channel)).isEqualTo(10 * taken);
    assertThat(sequences(channel)).isEqualTo(taken);
    theLedgerBalances();
  }

  /// Four callers want each of 25 ceilings, at three prices, and ask until it is too late.
  @Test
  void aHundredRivalVouchersMakeOneChainOfAmounts() throws Exception {
    var merchant = merchant();
    var channel = hub.open(1_000);
    var prices = List.of(10L, 10L, 20L, 30L);

    var outcomes =
        atOnce(
            caller -> {
              long ceiling = 10L * (1 + caller / 4);
              var request = request(channel, merchant, ceiling, prices.get(caller % 4));
              while (true) {
                var outcome = hub.pay(caller, new Charge(request)).getFirst();
                if (outcome instanceof Taken) return outcome;
                if (!Amount.of(ceiling).exceeds(hub.channel(channel.id()).charged())) {
                  return outcome;
                }
              }
            });

    var links = links(channel);
    assertThat(links.getFirst().before()).isZero();
    assertThat(links.getLast().ceiling()).isEqualTo(250);
    for (int i = 1; i < links.size(); i++) {
      assertThat(links.get(i).before()).isEqualTo(links.get(i - 1).ceiling());
      assertThat(links.get(i).sequence()).isEqualTo(links.get(i - 1).sequence() + 1);
    }
    assertThat(hub.channel(channel.id()).charged()).isEqualTo(Amount.of(250));
    assertThat(links.stream().map(Link::payment))
        .containsExactlyInAnyOrderElementsOf(
            outcomes.stream()
                .filter(Taken.class::isInstance)
                .map(taken -> ((Taken) taken).id().value())
                .toList());
    theLedgerBalances();
  }

  @Test
  void oneRequestThatComesAHundredTimesIsChargedOnce() throws Exception {
    var merchant = merchant();
    var channel = hub.open(1_000);
    var request = request(channel, merchant, 10, 10);

    var outcomes =
        atOnce(
            caller ->
                hub.pay(caller, new Charge(again(request, request.fingerprint()))).getFirst());

    assertThat(outcomes).allMatch(Taken.class::isInstance);
    assertThat(outcomes.stream().filter(outcome -> !((Taken) outcome).replayed())).hasSize(1);
    assertThat(hub.channel(channel.id()).charged()).isEqualTo(Amount.of(10));
  }

  @Test
  void oneKeyUsedForTwoChannelsAtOnceIsChargedOnce() throws Exception {
    var merchant = merchant();
    var channels = IntStream.range(0, 10).mapToObj(_ -> hub.open(1_000)).toList();
    var key = request(channels.getFirst(), merchant, 10, 10);

    var outcomes =
        atOnce(
            caller -> {
              var other = request(channels.get(caller % 10), merchant, 10, 10);
              var request =
                  new PaymentRequest(
                      other.id(),
                      merchant,
                      other.config(),
                      other.voucher(),
                      other.price(),
                      key.idempotencyKey(),
                      other.fingerprint(),
                      other.resource());
              return hub.pay(caller, new Charge(request)).getFirst();
            });

    assertThat(outcomes.stream().filter(Taken.class::isInstance)).hasSize(1);
    theLedgerBalances();
  }

  @Test
  void aHundredPayoutsAtOnceNeverTakeMoreThanTheMerchantHas() throws Exception {
    var merchant = merchant();
    hub.charge(request(hub.open(1_000), merchant, 1_000, 1_000));

    var outcomes =
        atOnce(
            caller -> {
              var id = TestHub.id();
              var command =
                  new PayoutCommand(
                      new PayoutId("po_" + id),
                      merchant,
                      Persona.MERCHANT.address(),
                      hub.terms().token().address(),
                      Optional.of(Amount.of(30)),
                      "key-" + id,
                      "print");
              return hub.post(caller, "/internal/payouts", command, PayoutOutcome.class);
            });

    assertThat(outcomes.stream().filter(PayoutOutcome.Taken.class::isInstance)).hasSize(33);
    theLedgerBalances();
  }

  private long journal(TestChannel channel) {
    return hub.sql()
        .sql("SELECT sum(amount) FROM payment WHERE channel_id = ? AND status = 'CHARGED'")
        .param(channel.id().toArray())
        .query(Long.class)
        .single();
  }

  private long sequences(TestChannel channel) {
    return hub.sql()
        .sql("SELECT count(DISTINCT sequence) FROM payment WHERE channel_id = ?")
        .param(channel.id().toArray())
        .query(Long.class)
        .single();
  }

  private record Link(String payment, long sequence, long before, long ceiling) {}

  private List<Link> links(TestChannel channel) {
    return hub.sql()
        .sql(
            """
            SELECT id, sequence, ceiling - amount AS before, ceiling FROM payment
             WHERE channel_id = ? AND status = 'CHARGED' ORDER BY sequence
            """)
        .param(channel.id().toArray())
        .query(
            (row, _) ->
                new Link(
                    row.getString("id"),
                    row.getLong("sequence"),
                    row.getLong("before"),
                    row.getLong("ceiling")))
        .list();
  }

  private void theLedgerBalances() {
    assertThat(hub.ledger().summary().imbalance()).isZero();
    assertThat(hub.ledger().summary().payersOff()).isZero();
    assertThat(hub.ledger().accountsOff()).isZero();
  }

  private interface Caller<T> {
    T call(int number);
  }

  private static <T> List<T> atOnce(Caller<T> caller)
      throws InterruptedException, ExecutionException {
    try (var executor = Executors.newVirtualThreadPerTaskExecutor()) {
      var tasks =
          IntStream.range(0, CALLERS)
              .<Callable<T>>mapToObj(number -> () -> caller.call(number))
              .toList();
      var results = new ArrayList<T>();
      for (Future<T> future : executor.invokeAll(tasks)) results.add(future.get());
      return results;
    }
  }
}
