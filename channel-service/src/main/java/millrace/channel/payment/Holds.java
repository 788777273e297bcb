package millrace.channel.payment;

import static millrace.messaging.command.RefusalReason.CAPTURE_TOO_LARGE;
import static millrace.messaging.command.RefusalReason.HOLD_ENDED;
import static millrace.messaging.command.RefusalReason.HOLD_NOT_FOUND;
import static millrace.messaging.command.RefusalReason.IDEMPOTENCY_KEY_REUSED;
import static millrace.messaging.command.RefusalReason.IN_FLIGHT;
import static millrace.messaging.command.RefusalReason.STATE_LOST;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import millrace.channel.book.ChannelRow;
import millrace.channel.book.ChannelRows;
import millrace.channel.fee.Fees;
import millrace.channel.idempotency.Answers;
import millrace.channel.idempotency.Answers.Command;
import millrace.channel.idempotency.Answers.Known;
import millrace.channel.ledger.Ledger;
import millrace.channel.ledger.Transfer;
import millrace.channel.ledger.Transfer.Parties;
import millrace.channel.sql.Transactions;
import millrace.messaging.command.HoldEndCommand;
import millrace.messaging.command.HoldEndOutcome;
import millrace.messaging.command.HoldEndOutcome.Ended;
import millrace.messaging.command.HoldEndOutcome.Refused;
import millrace.messaging.command.PaymentStatus;
import millrace.messaging.event.ChannelEvent.HoldEnded;
import millrace.messaging.event.ChannelEvent.PaymentAccepted;
import millrace.messaging.outbox.Outbox;
import millrace.protocol.channel.Decision.Accepted;
import millrace.protocol.channel.Effect;
import millrace.protocol.channel.HoldTerm;
import millrace.protocol.channel.HubTerms;
import millrace.protocol.channel.Input.HoldEndRequested;
import millrace.protocol.channel.PendingWithdrawal;
import millrace.protocol.channel.Withdrawing;
import millrace.protocol.type.Address;
import millrace.protocol.type.Amount;
import millrace.protocol.type.PaymentId;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.stereotype.Component;

/// Ends holds: because the merchant captures or cancels, or because their time is over. The
/// channel's row lock decides who is first.
@Component
class Holds {
  private static final Logger LOG = LoggerFactory.getLogger(Holds.class);
  private static final String OPERATION = "end hold";

  private final PaymentRows payments;
  private final ChannelRows channels;
  private final Answers answers;
  private final Fees fees;
  private final Ledger ledger;
  private final Outbox outbox;
  private final Transactions transactions;
  private final Address token;
  private final Clock clock;

  Holds(
      PaymentRows payments,
      ChannelRows channels,
      Answers answers,
      Fees fees,
      Ledger ledger,
      Outbox outbox,
      Transactions transactions,
      HubTerms terms,
      Clock clock) {
    this.payments = payments;
    this.channels = channels;
    this.answers = answers;
    this.fees = fees;
    this.ledger = ledger;
    this.outbox = outbox;
    this.transactions = transactions;
    this.token = terms.token().address();
    this.clock = clock;
  }

  HoldEndOutcome end(HoldEndCommand command) {
    return transactions.run(() -> answer(command));
  }

  private HoldEndOutcome answer(HoldEndCommand command) {
    var same =
        new Command(
            command.merchantId(), OPERATION, command.idempotencyKey(), command.fingerprint());
    return switch (answers.begin(same, Ended.class)) {
      case Known.InFlight<Ended> _ -> new Refused(IN_FLIGHT);
      case Known.OtherParameters<Ended> _ -> new Refused(IDEMPOTENCY_KEY_REUSED);
      case Known.Answered<Ended>(var earlier) -> new Ended(earlier.payment(), true);
      case Known.New<Ended> _ -> {
        var outcome = decide(command);
        if (outcome instanceof Ended ended) answers.record(same, ended);
        yield outcome;
      }
    };
  }

  private HoldEndOutcome decide(HoldEndCommand command) {
    var now = clock.instant();
    var known =
        payments
            .find(command.id())
            .filter(row -> row.merchantId().equals(command.merchantId()))
            .filter(row -> row.heldUntil().isPresent());
    if (known.isEmpty()) return new Refused(HOLD_NOT_FOUND);
    var channel = channels.lock(known.get().channelId()).orElseThrow();
    var row = payments.find(command.id()).orElseThrow();
    boolean isCapture = !command.captured().isZero();
    // Canceling does what the end of its time would do.
    if (row.status() != PaymentStatus.HELD || (isCapture && isOver(row, channel, now))) {
      return new Refused(HOLD_ENDED);
    }
    if (command.captured().exceeds(row.amount())) return new Refused(CAPTURE_TOO_LARGE);
    if (!end(row, channel, command.captured(), now)) return new Refused(STATE_LOST);
    // The tower has yet to hear of this end.
    return new Ended(payments.find(command.id()).orElseThrow().view(token, false), false);
  }

  private static boolean isOver(PaymentRow row, ChannelRow channel, Instant now) {
    return !now.isBefore(
        HoldTerm.end(
            row.heldUntil().orElseThrow(),
            withdrawal(channel),
            Duration.ofSeconds(channel.config().withdrawDelaySeconds())));
  }

  private static Optional<PendingWithdrawal> withdrawal(ChannelRow channel) {
    return channel.channel() instanceof Withdrawing(_, var withdrawal)
        ? Optional.of(withdrawal)
        : Optional.empty();
  }

  /// @return false for a lost channel, of which nothing is known
  private boolean end(PaymentRow row, ChannelRow channel, Amount captured, Instant now) {
    var input = new HoldEndRequested(row.id(), row.amount(), captured);
    if (!(channel.channel().on(input) instanceof Accepted(var next, var effects))) return false;
    channels.giveBack(channel, next.account(), row.amount());
    for (var effect : effects) {
      if (effect instanceof Effect.HoldEnded ended) perform(ended, row, channel.with(next), now);
    }
    return true;
  }

  private void perform(Effect.HoldEnded ended, PaymentRow row, ChannelRow channel, Instant now) {
    var fee = fees.of(row.merchantId()).of(ended.captured());
    if (!payments.endHold(row.id(), ended.captured(), fee, ended.sequence(), now)) {
      throw new IllegalStateException(row.id() + " was not held any more");
    }
    var id = row.channelId();
    ledger.post(
        Transfer.holdEnded(
            new Parties(id, row.merchantId(), row.id()),
            ended.captured(),
            ended.returned(),
            fee,
            now));
    var account = channel.account();
    if (!ended.captured().isZero()) {
      outbox.append(
          id.toString(),
          new PaymentAccepted(
              row.id(),
              id,
              channel.config(),
              row.merchantId(),
              ended.captured(),
              account.charged(),
              account.newest().orElseThrow(),
              ended.sequence(),
              row.resource(),
              now,
              Optional.of(account.due()).filter(due -> !due.equals(account.charged())),
              Optional.of(fee).filter(kept -> !kept.isZero())));
    }
    outbox.append(
        id.toString(),
        new HoldEnded(row.id(), id, row.merchantId(), ended.captured(), ended.returned(), now));
  }

  /// Ends it if its time is over.
  ///
  /// @return whether it is held no more
  boolean expire(PaymentId id) {
    return transactions.run(
        () -> {
          var seen = payments.find(id).orElseThrow();
          var channel = channels.lock(seen.channelId()).orElseThrow();
          var row = payments.find(id).orElseThrow();
          if (row.status() != PaymentStatus.HELD) return true;
          var now = clock.instant();
          if (!isOver(row, channel, now)) return false;
          boolean ended = end(row, channel, Amount.ZERO, now);
          if (!ended) LOG.warn("{} stays: lost", row.id());
          return ended;
        });
  }
}
