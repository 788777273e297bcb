package millrace.channel.chain;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import millrace.channel.book.ChannelFact;
import millrace.channel.book.ChannelRows;
import millrace.channel.book.Facts;
import millrace.channel.deposit.Deposits;
import millrace.channel.deposit.EarlyCredits;
import millrace.channel.giveback.GiveBacks;
import millrace.channel.giveback.Returns;
import millrace.channel.guard.Guards;
import millrace.channel.head.ChainHead;
import millrace.channel.ledger.Ledger;
import millrace.channel.ledger.Transfer;
import millrace.channel.payout.Payouts;
import millrace.channel.refund.Refunds;
import millrace.messaging.event.ChainEvent;
import millrace.messaging.event.ChainEvent.ChannelStateSeen;
import millrace.messaging.event.ChainEvent.DepositSeen;
import millrace.messaging.event.ChainEvent.HeadSeen;
import millrace.messaging.event.ChainEvent.SweepSeen;
import millrace.messaging.event.ChainEvent.WithdrawalSeen;
import millrace.messaging.event.ChannelEvent;
import millrace.messaging.event.Event;
import millrace.messaging.event.GuardEvent;
import millrace.messaging.event.GuardEvent.VouchersGuarded;
import millrace.messaging.event.GuardEvent.WithdrawalAnswered;
import millrace.messaging.event.SettlementEvent;
import millrace.messaging.event.SettlementEvent.ClaimConfirmed;
import millrace.messaging.event.SettlementEvent.CreditSeen;
import millrace.messaging.event.SettlementEvent.DepositConfirmed;
import millrace.messaging.event.SettlementEvent.DepositFailed;
import millrace.messaging.event.SettlementEvent.GiveBackDenied;
import millrace.messaging.event.SettlementEvent.GiveBackGranted;
import millrace.messaging.event.SettlementEvent.PayoutCancelRefused;
import millrace.messaging.event.SettlementEvent.PayoutCanceled;
import millrace.messaging.event.SettlementEvent.PayoutConfirmed;
import millrace.messaging.event.SettlementEvent.PayoutFailed;
import millrace.messaging.event.SettlementEvent.PromiseIssued;
import millrace.messaging.event.SettlementEvent.RefundConfirmed;
import millrace.messaging.event.SettlementEvent.RefundFailed;
import millrace.messaging.event.SettlementEvent.VoucherPublished;
import millrace.protocol.channel.Input;
import millrace.protocol.type.ChannelId;
import org.springframework.stereotype.Component;
import org.springframework.transaction.annotation.Transactional;

/// Takes in what others report, as many events in one transaction as there are. Every event may
/// come again: states of the chain replace older ones, and whatever ends something asks first
/// whether it has ended already.
@Component
class Reports {
  private final ChannelRows channels;
  private final Facts facts;
  private final Deposits deposits;
  private final EarlyCredits earlyCredits;
  private final Refunds refunds;
  private final Payouts payouts;
  private final GiveBacks giveBacks;
  private final Returns returns;
  private final Sweeps sweeps;
  private final Guards guards;
  private final ChainHead head;
  private final Ledger ledger;

  Reports(
      ChannelRows channels,
      Facts facts,
      Deposits deposits,
      EarlyCredits earlyCredits,
      Refunds refunds,
      Payouts payouts,
      GiveBacks giveBacks,
      Returns returns,
      Sweeps sweeps,
      Guards guards,
      ChainHead head,
      Ledger ledger) {
    this.channels = channels;
    this.facts = facts;
    this.deposits = deposits;
    this.earlyCredits = earlyCredits;
    this.refunds = refunds;
    this.payouts = payouts;
    this.giveBacks = giveBacks;
    this.returns = returns;
    this.sweeps = sweeps;
    this.guards = guards;
    this.head = head;
    this.ledger = ledger;
  }

  /// Channels are locked first and accounts last, as payments do it.
  @Transactional
  public void take(List<Event> events) {
    channels.lock(events.stream().map(Reports::channelOf).flatMap(Optional::stream).toList());
    var seen = new ArrayList<ChannelFact>();
    var transfers = new ArrayList<Transfer>();
    var heads = new ArrayList<HeadSeen>();
    var news = new ArrayList<VouchersGuarded>();
    seen.addAll(
        earlyCredits.granted(
            events.stream()
                .filter(DepositSeen.class::isInstance)
                .map(DepositSeen.class::cast)
                .toList()));
    for (var event : events) {
      switch (event) {
        case ChainEvent chain -> {
          switch (chain) {
            case ChannelStateSeen(var id, var state) ->
                seen.add(new ChannelFact(id, new Input.StateSeen(state)));
            case WithdrawalSeen(var id, var withdrawal) ->
                seen.add(new ChannelFact(id, new Input.WithdrawalSeen(withdrawal)));
            case DepositSeen _ -> {
              // Looked at above, together and first: what is final ends early credit.
            }
            case HeadSeen newHead -> heads.add(newHead);
            case SweepSeen sweep -> transfers.addAll(sweeps.seen(sweep));
          }
        }
        case SettlementEvent settlement -> {
          switch (settlement) {
            case DepositConfirmed confirmed -> seen.addAll(deposits.confirmed(confirmed));
            case DepositFailed failed -> deposits.failed(failed);
            case RefundConfirmed confirmed ->
                seen.addAll(
                    confirmed.merchant().isPresent()
                        ? List.of(returns.confirmed(confirmed))
                        : refunds.confirmed(confirmed));
            case RefundFailed failed -> {
              if (failed.merchant().isPresent()) transfers.addAll(returns.failed(failed));
              else seen.addAll(refunds.failed(failed));
            }
            case PayoutConfirmed confirmed -> transfers.addAll(payouts.confirmed(confirmed));
            case PayoutFailed failed -> transfers.addAll(payouts.failed(failed));
            case PayoutCanceled canceled -> transfers.addAll(payouts.canceled(canceled));
            case PayoutCancelRefused refused -> payouts.refuseToCancel(refused);
            case GiveBackGranted granted -> transfers.addAll(giveBacks.granted(granted));
            case GiveBackDenied denied -> transfers.addAll(giveBacks.denied(denied));
            case VoucherPublished(var id, var ceiling) ->
                seen.add(new ChannelFact(id, new Input.CeilingPublished(ceiling)));
            case ClaimConfirmed _ -> {
              // The channels' states in a final block say it better.
            }
            case PromiseIssued _, CreditSeen _ -> {
              // For the gateway.
            }
          }
        }
        case GuardEvent guard -> {
          switch (guard) {
            case WithdrawalAnswered answered ->
                seen.add(
                    new ChannelFact(
                        answered.channelId(), new Input.CeilingPublished(answered.ceiling())));
            case VouchersGuarded guarded -> news.add(guarded);
          }
        }
        case ChannelEvent _ -> {
          // Our own.
        }
      }
    }
    transfers.addAll(facts.record(seen));
    guards.keep(news);
    head.record(heads);
    ledger.post(transfers);
  }

  private static Optional<ChannelId> channelOf(Event event) {
    return switch (event) {
      case ChannelStateSeen seen -> Optional.of(seen.channelId());
      case WithdrawalSeen seen -> Optional.of(seen.channelId());
      case DepositSeen seen -> Optional.of(seen.channelId());
      case DepositConfirmed confirmed -> Optional.of(confirmed.channelId());
      case RefundConfirmed confirmed -> Optional.of(confirmed.channelId());
      case RefundFailed failed -> Optional.of(failed.channelId());
      case VoucherPublished published -> Optional.of(published.channelId());
      case WithdrawalAnswered answered -> Optional.of(answered.channelId());
      case GiveBackGranted granted -> Optional.of(granted.channelId());
      case GiveBackDenied denied -> Optional.of(denied.channelId());
      default -> Optional.empty();
    };
  }
}
