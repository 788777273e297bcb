package millrace.channel.payment;

import java.time.Clock;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.stream.Stream;
import millrace.channel.book.Adoption;
import millrace.channel.book.ChannelRows;
import millrace.channel.book.Charge;
import millrace.channel.fee.Fees;
import millrace.channel.guard.Asking;
import millrace.channel.guard.Exposure;
import millrace.channel.head.ChainHead;
import millrace.channel.ledger.Ledger;
import millrace.channel.payment.Checked.Asked;
import millrace.channel.payment.Checked.Denied;
import millrace.channel.payment.Checked.IdempotencyKey;
import millrace.channel.payment.Checked.ToCapture;
import millrace.channel.payment.Checked.ToRelease;
import millrace.channel.sql.Transactions;
import millrace.messaging.command.PaymentCommand;
import millrace.messaging.command.PaymentOutcome;
import millrace.messaging.outbox.Outbox;
import millrace.protocol.channel.Reservation;
import millrace.protocol.type.Amount;
import millrace.protocol.type.ChannelId;
import millrace.protocol.type.PaymentId;
import org.springframework.stereotype.Component;

/// Takes a batch of payments in one transaction: lock, look up, decide, write, commit. Holds
/// nothing between batches, so any replica may take any of them.
@Component
public class Payments {
  private final VoucherCheck check;
  private final ChainHead head;
  private final ChannelRows channels;
  private final Adoption adoption;
  private final PaymentRows payments;
  private final Exposure exposure;
  private final Fees fees;
  private final Ledger ledger;
  private final Outbox outbox;
  private final Transactions transactions;
  private final PaymentMetrics metrics;
  private final PaymentProperties properties;
  private final Clock clock;

  Payments(
      VoucherCheck check,
      ChainHead head,
      ChannelRows channels,
      Adoption adoption,
      PaymentRows payments,
      Exposure exposure,
      Fees fees,
      Ledger ledger,
      Outbox outbox,
      Transactions transactions,
      PaymentMetrics metrics,
      PaymentProperties properties,
      Clock clock) {
    this.check = check;
    this.head = head;
    this.channels = channels;
    this.adoption = adoption;
    this.payments = payments;
    this.exposure = exposure;
    this.fees = fees;
    this.ledger = ledger;
    this.outbox = outbox;
    this.transactions = transactions;
    this.metrics = metrics;
    this.properties = properties;
    this.clock = clock;
  }

  /// Outcomes in the order of the commands, durable when this returns.
  public List<PaymentOutcome> accept(List<PaymentCommand> commands) {
    return metrics.measure(() -> accepted(check.check(commands)));
  }

  private List<PaymentOutcome> accepted(List<Checked> checked) {
    boolean stale = head.isStale();
    var attempt = transactions.runAsPaymentWriter(() -> attempt(checked, stale));
    while (attempt instanceof Attempt.Adopt(var newcomers)) {
      for (var newcomer : newcomers) adopt(newcomer);
      attempt = transactions.runAsPaymentWriter(() -> attempt(checked, stale));
    }
    var done = (Attempt.Done) attempt;
    exposure.charged(done.charged());
    return done.outcomes();
  }

  private void adopt(Asked asked) {
    transactions.run(
        () -> {
          adoption.makeKnown(asked.channelId(), asked.request().config(), clock.instant());
          return asked;
        });
  }

  private Attempt attempt(List<Checked> checked, boolean stale) {
    var working = lock(checked.stream().flatMap(Payments::channelOf).toList());
    var newcomers = newcomers(checked, working);
    if (!newcomers.isEmpty()) return new Attempt.Adopt(newcomers);
    var batch = open(working, checked, stale);
    var outcomes = new ArrayList<PaymentOutcome>(checked.size());
    for (var command : checked) outcomes.add(batch.decide(command));
    var charged = write(batch);
    return new Attempt.Done(List.copyOf(outcomes), charged);
  }

  /// Lets go of the channel's reservation if that has ended.
  ///
  /// @return false for a lost channel, of which nothing is known
  boolean expire(ChannelId overdue) {
    return transactions.runAsPaymentWriter(
        () -> {
          var working = lock(List.of(overdue));
          var batch = open(working, List.of(), false);
          write(batch);
          return batch.keepsNothingOverdue();
        });
  }

  private Map<ChannelId, WorkingChannel> lock(Collection<ChannelId> ids) {
    var working = new HashMap<ChannelId, WorkingChannel>();
    channels.lock(ids).forEach((id, row) -> working.put(id, new WorkingChannel(row)));
    return working;
  }

  /// Payments of channels that the chain has told of, while only now their terms have come.
  private List<Asked> newcomers(List<Checked> checked, Map<ChannelId, WorkingChannel> working) {
    var missing = new HashMap<ChannelId, Asked>();
    for (var command : checked) {
      if (command instanceof Asked asked && !working.containsKey(asked.channelId())) {
        missing.put(asked.channelId(), asked);
      }
    }
    var seen = adoption.seen(missing.keySet());
    // Somebody may have made one of them known between the two looks: neither saw it then.
    working.putAll(lock(missing.keySet().stream().filter(id -> !seen.contains(id)).toList()));
    return seen.stream().map(id -> Objects.requireNonNull(missing.get(id))).toList();
  }

  private PaymentBatch open(
      Map<ChannelId, WorkingChannel> working, List<Checked> checked, boolean stale) {
    Instant now = clock.instant();
    var ids = new HashSet<PaymentId>();
    var keys = new HashSet<IdempotencyKey>();
    for (var command : checked) {
      switch (command) {
        case Denied _ -> {
          // Nothing of it may be looked up.
        }
        case Asked asked -> {
          ids.add(asked.request().id());
          keys.add(asked.key());
        }
        case ToCapture(var capture) -> ids.add(capture.id());
        case ToRelease(var release) -> ids.add(release.id());
      }
    }
    working.values().stream()
        .map(channel -> PaymentBatch.overdue(channel, now))
        .flatMap(Optional::stream)
        .map(Reservation::payment)
        .forEach(ids::add);
    var journal = new Journal(ids.isEmpty() ? List.of() : payments.find(ids, keys));
    var budget = exposure.budget(askings(working, checked));
    return new PaymentBatch(working, journal, budget, stale, properties, fees, now);
  }

  /// What every channel would come to if all were taken.
  private static Collection<Asking> askings(
      Map<ChannelId, WorkingChannel> working, List<Checked> checked) {
    var askings = new HashMap<ChannelId, Asking>();
    for (var command : checked) {
      if (!(command instanceof Asked asked)) continue;
      var channel = working.get(asked.channelId());
      if (channel == null) continue;
      var row = channel.row();
      var before = askings.get(row.id());
      var from = before == null ? row.account().charged() : before.upTo();
      // Nobody has compared the price with the balance yet.
      var upTo = from.plus(asked.request().price().min(Amount.MAX.minus(from)));
      askings.put(row.id(), new Asking(row.id(), row.config().payer(), row.safe(), upTo));
    }
    return askings.values();
  }

  /// What the batch charges in all.
  private Amount write(PaymentBatch batch) {
    var charges = batch.charges();
    channels.charge(charges);
    payments.end(batch.journal().ends());
    payments.insert(batch.journal().inserts());
    ledger.post(batch.transfers());
    outbox.appendAll(batch.events());
    return charges.stream().map(Charge::amount).reduce(Amount.ZERO, Amount::plus);
  }

  private static Stream<ChannelId> channelOf(Checked checked) {
    return switch (checked) {
      case Denied _ -> Stream.empty();
      case Asked asked -> Stream.of(asked.channelId());
      case ToCapture(var capture) -> Stream.of(capture.channelId());
      case ToRelease(var release) -> Stream.of(release.channelId());
    };
  }

  private sealed interface Attempt {
    record Done(List<PaymentOutcome> outcomes, Amount charged) implements Attempt {}

    record Adopt(List<Asked> newcomers) implements Attempt {}
  }
}
