package millrace.channel.payment;

import static millrace.messaging.command.PaymentStatus.EXPIRED;
import static millrace.messaging.command.PaymentStatus.RELEASED;
import static millrace.messaging.command.PaymentStatus.RESERVED;
import static millrace.messaging.command.RefusalReason.CHAIN_STALE;
import static millrace.messaging.command.RefusalReason.CHANNEL_NOT_FOUND;
import static millrace.messaging.command.RefusalReason.IDEMPOTENCY_KEY_REUSED;
import static millrace.messaging.command.RefusalReason.IN_FLIGHT;
import static millrace.messaging.command.RefusalReason.NO_RESERVATION;

import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import millrace.channel.book.Charge;
import millrace.channel.book.Corrective;
import millrace.channel.fee.Fees;
import millrace.channel.guard.Asking;
import millrace.channel.guard.ExposureBudget;
import millrace.channel.ledger.Transfer;
import millrace.channel.ledger.Transfer.Parties;
import millrace.channel.payment.Checked.Asked;
import millrace.channel.payment.Checked.Denied;
import millrace.channel.payment.Checked.ToCapture;
import millrace.channel.payment.Checked.ToRelease;
import millrace.messaging.command.PaymentCommand.Capture;
import millrace.messaging.command.PaymentCommand.Release;
import millrace.messaging.command.PaymentOutcome;
import millrace.messaging.command.PaymentOutcome.Refused;
import millrace.messaging.command.RefusalReason;
import millrace.messaging.event.ChannelEvent.HoldPlaced;
import millrace.messaging.event.ChannelEvent.PaymentAccepted;
import millrace.messaging.outbox.Outgoing;
import millrace.protocol.channel.Decision;
import millrace.protocol.channel.Decision.Accepted;
import millrace.protocol.channel.Effect;
import millrace.protocol.channel.Effect.Charged;
import millrace.protocol.channel.Input;
import millrace.protocol.channel.Reservation;
import millrace.protocol.type.Amount;
import millrace.protocol.type.ChannelId;
import millrace.protocol.type.PaymentId;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Decides the commands of one transaction, in their order, on channels that are locked. Nothing
/// is written here: what has to be is collected for a few statements.
final class PaymentBatch {
  private static final Logger LOG = LoggerFactory.getLogger(PaymentBatch.class);

  private final Map<ChannelId, WorkingChannel> channels;
  private final Journal journal;
  private final ExposureBudget budget;
  private final boolean stale;
  private final PaymentProperties limits;
  private final Fees fees;
  private final Instant now;
  private final List<Transfer> transfers = new ArrayList<>();
  private final List<Outgoing> events = new ArrayList<>();

  /// @param journal holds the payments of all commands, and those of ended reservations
  PaymentBatch(
      Map<ChannelId, WorkingChannel> channels,
      Journal journal,
      ExposureBudget budget,
      boolean stale,
      PaymentProperties limits,
      Fees fees,
      Instant now) {
    this.channels = channels;
    this.journal = journal;
    this.budget = budget;
    this.stale = stale;
    this.limits = limits;
    this.fees = fees;
    this.now = now;
    channels.values().forEach(this::expire);
  }

  static Optional<Reservation> overdue(WorkingChannel channel, Instant now) {
    return channel.account().reservation().filter(held -> !now.isBefore(held.expiresAt()));
  }

  /// Whoever asks first after its end lets a reservation go. A capture then comes too late: the
  /// money may have been given away meanwhile.
  private void expire(WorkingChannel channel) {
    var held = overdue(channel, now);
    if (held.isEmpty()) return;
    var payment = held.get().payment();
    if (channel.apply(new Input.ReleaseRequested(payment)) instanceof Accepted) {
      var row = journal.byId(payment).orElseThrow();
      journal.end(row.ended(EXPIRED, channel.row().view(), now));
    }
  }

  boolean keepsNothingOverdue() {
    return channels.values().stream().allMatch(channel -> overdue(channel, now).isEmpty());
  }

  PaymentOutcome decide(Checked checked) {
    return switch (checked) {
      case Denied(var reason) -> Refused.because(reason);
      case Asked asked -> take(asked);
      case ToCapture(var command) -> capture(command);
      case ToRelease(var command) -> release(command);
    };
  }

  private PaymentOutcome take(Asked asked) {
    var recorded = recorded(asked);
    if (recorded.isPresent()) return recorded.get();
    var channel = channels.get(asked.channelId());
    if (channel == null) return Refused.because(CHANNEL_NOT_FOUND);
    if (stale) return Refused.because(CHAIN_STALE);
    var input = input(asked);
    var row = channel.row();
    var asking = new Asking(row.id(), row.config().payer(), row.safe(), asked.voucher().ceiling());
    var decision = budget.judge(channel.decide(input), asking, asked.request().price());
    return switch (channel.apply(input, decision)) {
      case Accepted(_, var effects) -> begin(asked, channel, effects);
      case Decision.Refused(var reason) -> {
        var corrective = Corrective.of(channel.row(), asked.voucher(), reason);
        yield new Refused(RefusalReason.of(reason), corrective.channel(), corrective.newest());
      }
    };
  }

  /// What was recorded for an equal request. The same id is the gateway asking again because it
  /// missed the answer; the same key is a client asking again, which must not be served twice.
  private Optional<PaymentOutcome> recorded(Asked asked) {
    var same = journal.byId(asked.request().id());
    if (same.isPresent()) {
      return same.map(
          row -> row.isSameAs(asked) ? row.replayed() : Refused.because(IDEMPOTENCY_KEY_REUSED));
    }
    return journal
        .holding(asked.key())
        .map(
            row -> {
              if (!row.isSameAs(asked)) return Refused.because(IDEMPOTENCY_KEY_REUSED);
              return row.status() == RESERVED ? Refused.because(IN_FLIGHT) : row.replayed();
            });
  }

  private Input input(Asked asked) {
    var request = asked.request();
    if (asked.manual()) {
      return new Input.HoldReceived(asked.voucher(), request.id(), request.price(), now);
    }
    if (asked.expiresAt().isEmpty()) {
      return new Input.VoucherReceived(asked.voucher(), request.id(), request.price(), now);
    }
    return new Input.ReservationRequested(
        asked.voucher(),
        request.id(),
        request.price(),
        now,
        bounded(asked.expiresAt().get(), limits.maxReservation()));
  }

  private Instant bounded(Instant expiresAt, Duration limit) {
    var latest = now.plus(limit);
    return expiresAt.isAfter(latest) ? latest : expiresAt;
  }

  private PaymentOutcome begin(Asked asked, WorkingChannel channel, List<Effect> effects) {
    var view = channel.row().view();
    for (var effect : effects) {
      switch (effect) {
        case Charged charged -> {
          var row = PaymentRow.charged(asked, charged, fee(asked, charged), view, now);
          journal.begin(row);
          perform(charged, channel, row);
        }
        case Effect.Held held -> {
          // As exact as it is stored, so that a repeat is told the same.
          var until =
              bounded(asked.expiresAt().orElseThrow(), limits.maxHold())
                  .truncatedTo(ChronoUnit.MICROS);
          var row = PaymentRow.held(asked, held.fromCredit(), until, view, now);
          journal.begin(row);
          perform(held, channel, row, until);
        }
        case Effect.Reserved(var reservation) ->
            journal.begin(
                PaymentRow.reserved(asked, Optional.of(reservation.expiresAt()), view, now));
        default -> throw new IllegalStateException("not the effect of a payment: " + effect);
      }
    }
    return outcome(asked.request().id());
  }

  private PaymentOutcome capture(Capture command) {
    var found = find(command.id(), command.channelId());
    if (found.isEmpty()) return Refused.because(NO_RESERVATION);
    var row = found.get();
    return switch (row.status()) {
      case CHARGED -> row.replayed();
      case RELEASED, EXPIRED, HELD, CANCELED -> Refused.because(NO_RESERVATION);
      case RESERVED -> capture(command, row);
    };
  }

  private PaymentOutcome capture(Capture command, PaymentRow row) {
    if (command.amount().exceeds(row.price())) {
      LOG.warn("{} was to be captured above its price: {}", row.id(), command.amount());
      return Refused.because(NO_RESERVATION);
    }
    var channel = channels.get(row.channelId());
    if (channel == null) return Refused.because(NO_RESERVATION);
    var input = new Input.CaptureRequested(row.id(), command.amount(), now);
    return switch (channel.apply(input)) {
      case Decision.Refused(var reason) -> Refused.because(RefusalReason.of(reason));
      case Accepted(_, var effects) -> {
        for (var effect : effects) {
          if (effect instanceof Charged charged) {
            var view = channel.row().view();
            var fee = fees.of(row.merchantId()).of(charged.amount());
            var captured = row.charged(charged, fee, view, now);
            journal.end(captured);
            perform(charged, channel, captured);
          }
        }
        yield outcome(row.id());
      }
    };
  }

  private PaymentOutcome release(Release command) {
    var found = find(command.id(), command.channelId());
    if (found.isEmpty()) return Refused.because(NO_RESERVATION);
    var row = found.get();
    return switch (row.status()) {
      case CHARGED, HELD, CANCELED -> Refused.because(NO_RESERVATION);
      case RELEASED, EXPIRED -> row.replayed();
      case RESERVED -> release(row);
    };
  }

  private PaymentOutcome release(PaymentRow row) {
    var channel = channels.get(row.channelId());
    if (channel == null) return Refused.because(NO_RESERVATION);
    return switch (channel.apply(new Input.ReleaseRequested(row.id()))) {
      case Decision.Refused(var reason) -> Refused.because(RefusalReason.of(reason));
      case Accepted _ -> {
        journal.end(row.ended(RELEASED, channel.row().view(), now));
        yield outcome(row.id());
      }
    };
  }

  private Optional<PaymentRow> find(PaymentId id, ChannelId channelId) {
    return journal.byId(id).filter(row -> row.channelId().equals(channelId));
  }

  private PaymentOutcome outcome(PaymentId id) {
    return journal.byId(id).orElseThrow().outcome();
  }

  private void perform(Charged charged, WorkingChannel channel, PaymentRow row) {
    var id = row.channelId();
    var merchant = row.merchantId();
    transfers.addAll(
        Transfer.charged(
            new Parties(id, merchant, row.id()),
            charged.amount(),
            charged.fromCredit(),
            row.fee(),
            now));
    events.add(
        new Outgoing(
            id.toString(),
            new PaymentAccepted(
                row.id(),
                id,
                channel.row().config(),
                merchant,
                charged.amount(),
                charged.charged(),
                charged.voucher(),
                charged.sequence(),
                row.resource(),
                now,
                due(channel),
                Optional.of(row.fee()).filter(fee -> !fee.isZero()))));
  }

  private Amount fee(Asked asked, Charged charged) {
    return fees.of(asked.request().merchantId()).of(charged.amount());
  }

  /// Left out where it says nothing new.
  private static Optional<Amount> due(WorkingChannel channel) {
    var account = channel.account();
    return Optional.of(account.due()).filter(due -> !due.equals(account.charged()));
  }

  private void perform(Effect.Held held, WorkingChannel channel, PaymentRow row, Instant until) {
    var id = row.channelId();
    transfers.addAll(
        Transfer.held(
            new Parties(id, row.merchantId(), row.id()), held.amount(), held.fromCredit(), now));
    events.add(
        new Outgoing(
            id.toString(),
            new HoldPlaced(
                row.id(),
                id,
                channel.row().config(),
                row.merchantId(),
                held.amount(),
                held.charged(),
                channel.account().due(),
                held.voucher(),
                held.sequence(),
                row.resource(),
                until,
                now)));
  }

  List<Charge> charges() {
    return channels.values().stream()
        .filter(WorkingChannel::changed)
        .map(channel -> channel.charge(budget.exposable(channel.row().id())))
        .toList();
  }

  Journal journal() {
    return journal;
  }

  List<Transfer> transfers() {
    return List.copyOf(transfers);
  }

  List<Outgoing> events() {
    return List.copyOf(events);
  }
}
