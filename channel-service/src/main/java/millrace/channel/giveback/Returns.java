package millrace.channel.giveback;

import java.time.Clock;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import millrace.channel.book.ChannelFact;
import millrace.channel.book.ChannelRow;
import millrace.channel.book.ChannelRows;
import millrace.channel.book.Exposures;
import millrace.channel.head.ChainHead;
import millrace.channel.ledger.Transfer;
import millrace.channel.refund.Refunds;
import millrace.messaging.command.GiveBackView;
import millrace.messaging.event.ChannelEvent.DueChanged;
import millrace.messaging.event.ChannelEvent.GiveBackSent;
import millrace.messaging.event.ChannelEvent.RefundAuthorized;
import millrace.messaging.event.GiveBackFailure;
import millrace.messaging.event.SettlementEvent.RefundConfirmed;
import millrace.messaging.event.SettlementEvent.RefundFailed;
import millrace.messaging.outbox.Outbox;
import millrace.protocol.channel.Decision.Accepted;
import millrace.protocol.channel.Decision.Refused;
import millrace.protocol.channel.Effect;
import millrace.protocol.channel.Input;
import millrace.protocol.channel.Input.ReturnFailed;
import millrace.protocol.channel.Input.ReturnRequested;
import millrace.protocol.channel.Lost;
import millrace.protocol.channel.Refusal;
import millrace.protocol.type.Amount;
import millrace.protocol.type.ChannelId;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.stereotype.Component;
import org.springframework.transaction.annotation.Propagation;
import org.springframework.transaction.annotation.Transactional;

/// Has refunds that settlement has granted leave their channels on chain. The caller holds the
/// channel's lock. What a claim or the payer took first cannot leave, and is the merchant's again.
@Component
public class Returns {
  private static final Logger LOG = LoggerFactory.getLogger(Returns.class);

  private final GiveBackRows rows;
  private final ChannelRows channels;
  private final Exposures exposures;
  private final Refunds refunds;
  private final ChainHead head;
  private final Outbox outbox;
  private final Clock clock;

  Returns(
      GiveBackRows rows,
      ChannelRows channels,
      Exposures exposures,
      Refunds refunds,
      ChainHead head,
      Outbox outbox,
      Clock clock) {
    this.rows = rows;
    this.channels = channels;
    this.exposures = exposures;
    this.refunds = refunds;
    this.head = head;
    this.outbox = outbox;
    this.clock = clock;
  }

  boolean isChainStale() {
    return head.isStale();
  }

  /// Why so much could not leave the channel just now.
  Optional<Refusal> objection(ChannelId id, Amount amount) {
    var channel = channels.find(id).orElseThrow().channel();
    return switch (channel.on(new ReturnRequested(amount, refunds.minimum()))) {
      case Refused(var reason) -> Optional.of(reason);
      case Accepted _ -> Optional.empty();
    };
  }

  /// What is to be posted.
  List<Transfer> begin(GiveBackView refund, ChannelRow row, Instant now) {
    return switch (row.channel().on(new ReturnRequested(refund.amount(), Amount.ZERO))) {
      case Refused(var reason) -> refuse(refund, reason, now);
      case Accepted(var next, var effects) -> {
        if (!rows.begin(refund.id(), now)) yield List.of();
        channels.beginReturn(row, next.account(), refund.amount());
        tell(row.with(next), now);
        effects.forEach(effect -> authorize(refund, row, effect, now));
        yield Transfer.returnBegun(GiveBacks.parties(refund), refund.amount(), now);
      }
    };
  }

  private void authorize(GiveBackView refund, ChannelRow row, Effect effect, Instant now) {
    if (!(effect instanceof Effect.ReturnBegun(var voucher, var total, var amount, _))) return;
    outbox.append(
        row.id().toString(),
        new RefundAuthorized(
            refund.id(),
            row.id(),
            row.config(),
            voucher,
            total,
            amount,
            now,
            Optional.of(refund.merchantId())));
  }

  private List<Transfer> refuse(GiveBackView refund, Refusal reason, Instant now) {
    if (reason == Refusal.STATE_LOST) {
      LOG.error("{} stays pending: the history of its channel is lost", refund.id());
      return List.of();
    }
    var failure =
        reason == Refusal.WITHDRAWAL_PENDING
            ? GiveBackFailure.PAYER_LEAVING
            : GiveBackFailure.TOO_LITTLE_UNCLAIMED;
    // One that was begun before and is granted once more takes its course.
    return rows.refused(refund.id(), failure, now)
        .map(
            failed -> {
              outbox.append(failed.channelId().toString(), GiveBacks.failed(failed, now));
              return Transfer.giveBackFailed(GiveBacks.parties(failed), failed.amount(), now);
            })
        .orElse(List.of());
  }

  /// What the channel is to be told. What was set aside is let go only once.
  @Transactional(propagation = Propagation.MANDATORY)
  public ChannelFact confirmed(RefundConfirmed event) {
    var now = clock.instant();
    var ended = rows.sent(event.refundId(), event.transaction(), now);
    ended.ifPresent(
        refund ->
            outbox.append(
                refund.channelId().toString(),
                new GiveBackSent(
                    refund.id(),
                    refund.paymentId(),
                    refund.channelId(),
                    refund.merchantId(),
                    refund.token(),
                    refund.amount(),
                    event.transaction(),
                    now)));
    return new ChannelFact(
        event.channelId(),
        ended
            .<Input.Fact>map(refund -> new Input.RefundSeen(refund.amount(), event.after()))
            .orElseGet(() -> new Input.StateSeen(event.after())));
  }

  /// What is to be posted: nothing at a repeat.
  @Transactional(propagation = Propagation.MANDATORY)
  public List<Transfer> failed(RefundFailed event) {
    var now = clock.instant();
    var channel = channels.lock(event.channelId()).filter(row -> !(row.channel() instanceof Lost));
    if (channel.isEmpty()) {
      LOG.error("{} stays pending: the history of its channel is lost", event.refundId());
      return List.of();
    }
    var row = channel.get();
    var ended = rows.notSent(event.refundId(), reason(event), now);
    if (ended.isEmpty()) return List.of();
    var refund = ended.get();
    if (!(row.channel().on(new ReturnFailed(refund.amount())) instanceof Accepted(var next, _))) {
      throw new IllegalStateException("a fact was refused: " + event);
    }
    channels.undoReturn(row, next.account(), refund.amount());
    exposures.note(row, row.with(next));
    tell(row.with(next), now);
    outbox.append(refund.channelId().toString(), GiveBacks.failed(refund, now));
    return Transfer.returnUndone(GiveBacks.parties(refund), refund.amount(), now);
  }

  private static GiveBackFailure reason(RefundFailed event) {
    return event
        .reason()
        .map(
            reason ->
                switch (reason) {
                  case DAILY_LIMIT -> GiveBackFailure.DAILY_LIMIT;
                  case TOO_LITTLE_UNCLAIMED -> GiveBackFailure.TOO_LITTLE_UNCLAIMED;
                })
        .orElse(GiveBackFailure.TRANSACTION_FAILED);
  }

  private void tell(ChannelRow row, Instant now) {
    var account = row.account();
    outbox.append(
        row.id().toString(),
        new DueChanged(
            row.id(),
            row.config(),
            account.charged(),
            account.due(),
            account.newest().orElseThrow(),
            account.sequence(),
            now));
  }
}
