package millrace.channel.refund;

import java.security.SecureRandom;
import java.time.Clock;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import millrace.channel.book.ChannelFact;
import millrace.channel.book.ChannelRow;
import millrace.channel.book.ChannelRows;
import millrace.channel.book.Corrective;
import millrace.channel.head.ChainHead;
import millrace.channel.payment.Reservations;
import millrace.channel.sql.Transactions;
import millrace.channel.web.Waiting;
import millrace.messaging.command.RefundCommand;
import millrace.messaging.command.RefundOutcome;
import millrace.messaging.command.RefundOutcome.Pending;
import millrace.messaging.command.RefundOutcome.Refused;
import millrace.messaging.command.RefusalReason;
import millrace.messaging.event.ChannelEvent.RefundAuthorized;
import millrace.messaging.event.SettlementEvent.RefundConfirmed;
import millrace.messaging.event.SettlementEvent.RefundFailed;
import millrace.messaging.outbox.Outbox;
import millrace.protocol.channel.ChannelsDomain;
import millrace.protocol.channel.Decision;
import millrace.protocol.channel.Decision.Accepted;
import millrace.protocol.channel.Effect;
import millrace.protocol.channel.Effect.RefundReserved;
import millrace.protocol.channel.HubTerms;
import millrace.protocol.channel.Input;
import millrace.protocol.channel.Input.Fact;
import millrace.protocol.channel.Input.RefundReceived;
import millrace.protocol.channel.VerifiedVoucher;
import millrace.protocol.type.Amount;
import millrace.protocol.type.RefundId;
import millrace.protocol.type.Ulid;
import org.springframework.stereotype.Component;
import org.springframework.transaction.annotation.Propagation;
import org.springframework.transaction.annotation.Transactional;

/// Sends unspent money back to payers that stay. The amount is set aside first, in the transaction
/// that tells settlement.
@Component
public class Refunds {
  private final HubTerms terms;
  private final ChannelsDomain domain;
  private final RefundRows refunds;
  private final ChannelRows channels;
  private final Reservations reservations;
  private final ChainHead head;
  private final Outbox outbox;
  private final Transactions transactions;
  private final RefundProperties properties;
  private final Clock clock;
  private final SecureRandom random = new SecureRandom();

  Refunds(
      HubTerms terms,
      RefundRows refunds,
      ChannelRows channels,
      Reservations reservations,
      ChainHead head,
      Outbox outbox,
      Transactions transactions,
      RefundProperties properties,
      Clock clock) {
    this.terms = terms;
    this.domain = terms.domain();
    this.refunds = refunds;
    this.channels = channels;
    this.reservations = reservations;
    this.head = head;
    this.outbox = outbox;
    this.transactions = transactions;
    this.properties = properties;
    this.clock = clock;
  }

  /// Asks for the refund, or for what became of it, and waits a while.
  RefundOutcome refund(RefundCommand command, long waitMillis) {
    var config = command.config();
    var signed = command.voucher();
    if (!terms.match(config) || !domain.channelId(config).equals(signed.voucher().channelId())) {
      return refused(RefusalReason.TERMS_MISMATCH);
    }
    var voucher = domain.verify(signed, config.payerAuthorizer());
    if (voucher.isEmpty()) return refused(RefusalReason.VOUCHER_SIGNATURE);
    boolean stale = head.isStale();
    var outcome = transactions.run(() -> begin(command, voucher.get(), stale));
    if (!(outcome instanceof Pending(var id))) return outcome;
    return Waiting.until(
        Waiting.patience(waitMillis, properties.maxWait()),
        () -> refunds.find(id).map(this::outcome).orElse(outcome),
        answer -> !(answer instanceof Pending));
  }

  /// Base units below which a refund is not worth its gas.
  public Amount minimum() {
    return properties.minimum();
  }

  private RefundOutcome begin(RefundCommand command, VerifiedVoucher voucher, boolean stale) {
    var now = clock.instant();
    // A hold that has ended is let go before the money is given away.
    reservations.expire(voucher.channelId());
    var locked = channels.lock(voucher.channelId());
    if (locked.isEmpty()) return refused(RefusalReason.CHANNEL_NOT_FOUND);
    var row = locked.get();
    var earlier = refunds.newest(row.id());
    if (earlier.isPresent()
        && earlier.get().answers(command, row, now, properties.repeatWindow())) {
      return outcome(earlier.get());
    }
    if (stale) return refused(RefusalReason.CHAIN_STALE);
    var input = new RefundReceived(voucher, command.amount(), properties.policy(), now);
    return switch (row.channel().on(input)) {
      case Decision.Refused(var reason) -> {
        var corrective = Corrective.of(row, voucher, reason);
        yield new Refused(RefusalReason.of(reason), corrective.channel(), corrective.newest());
      }
      case Accepted(_, var effects) -> reserve(command, row, effects, now);
    };
  }

  private RefundOutcome reserve(
      RefundCommand command, ChannelRow row, List<Effect> effects, Instant now) {
    for (var effect : effects) {
      if (effect instanceof RefundReserved reserved) {
        var refund = pending(command, row, reserved, now);
        channels.reserveRefund(row, reserved.amount(), now);
        refunds.insert(refund, now);
        outbox.append(
            row.id().toString(),
            new RefundAuthorized(
                refund.id(),
                row.id(),
                row.config(),
                reserved.voucher(),
                reserved.totalClaimed(),
                reserved.amount(),
                now));
        return new Pending(refund.id());
      }
    }
    throw new IllegalStateException("a refund was accepted and nothing set aside");
  }

  private RefundRow pending(
      RefundCommand command, ChannelRow row, RefundReserved reserved, Instant now) {
    byte[] unguessable = new byte[Ulid.RANDOM_BYTES];
    random.nextBytes(unguessable);
    return new RefundRow(
        new RefundId("re_" + Ulid.of(now, unguessable)),
        row.id(),
        command.voucher().voucher().ceiling(),
        command.amount(),
        reserved.amount(),
        RefundRow.Status.PENDING,
        Optional.empty(),
        Optional.empty(),
        "",
        Optional.empty());
  }

  private RefundOutcome outcome(RefundRow row) {
    return switch (row.status()) {
      case PENDING -> new Pending(row.id());
      case FAILED -> new RefundOutcome.Failed(row.id(), row.detail());
      case CONFIRMED ->
          new RefundOutcome.Confirmed(
              row.id(),
              row.transaction().orElseThrow(),
              row.amount(),
              channels.find(row.channelId()).orElseThrow().view());
    };
  }

  private static RefundOutcome refused(RefusalReason reason) {
    return new Refused(reason, Optional.empty(), Optional.empty());
  }

  /// What the channel is to be told. What was set aside is let go only once.
  @Transactional(propagation = Propagation.MANDATORY)
  public List<ChannelFact> confirmed(RefundConfirmed event) {
    Fact fact =
        refunds
            .confirm(event, clock.instant())
            .<Fact>map(reserved -> new Input.RefundSeen(reserved, event.after()))
            .orElseGet(() -> new Input.StateSeen(event.after()));
    return List.of(new ChannelFact(event.channelId(), fact));
  }

  @Transactional(propagation = Propagation.MANDATORY)
  public List<ChannelFact> failed(RefundFailed event) {
    return refunds.fail(event, clock.instant()).stream()
        .map(reserved -> new ChannelFact(event.channelId(), new Input.RefundFailed(reserved)))
        .toList();
  }
}
