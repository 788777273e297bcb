package millrace.channel.book;

import java.math.BigInteger;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import millrace.channel.book.ChannelRows.Recorded;
import millrace.channel.ledger.Transfer;
import millrace.messaging.event.ChannelEvent;
import millrace.protocol.channel.Account;
import millrace.protocol.channel.ChainState;
import millrace.protocol.channel.Channel;
import millrace.protocol.channel.Decision.Accepted;
import millrace.protocol.channel.Decision.Refused;
import millrace.protocol.channel.Effect;
import millrace.protocol.channel.Input;
import millrace.protocol.channel.Lost;
import millrace.protocol.channel.Opening;
import millrace.protocol.type.ChannelId;

/// One channel while facts are applied to it, and what follows from them for ledger and readers.
final class FactEntry {
  private final ChannelRow before;
  private final Instant at;
  private final List<Transfer> transfers = new ArrayList<>();
  private final List<ChannelEvent> events = new ArrayList<>();
  private ChannelRow row;

  FactEntry(ChannelRow row, Instant at) {
    this.before = row;
    this.row = row;
    this.at = at;
  }

  void apply(Input fact) {
    switch (ready(fact).on(fact)) {
      case Accepted(var next, var effects) -> {
        var was = row;
        row = row.with(next);
        if (isLostNow() && !(was.channel() instanceof Lost)) {
          postFound(was.account(), next.account());
        }
        effects.forEach(this::perform);
        announceOpening();
      }
      case Refused(var reason) ->
          throw new IllegalStateException("a fact was refused: " + fact + ", " + reason);
    }
  }

  /// A withdrawal may be seen before the first final state. That state must still be asked whether
  /// the channel has a history, as it would be had nobody withdrawn.
  private Channel ready(Input fact) {
    return fact instanceof Input.StateSeen(ChainState state)
            && Facts.hasHistory(state)
            && row.account().seenBlock() == 0
            && !(row.channel() instanceof Lost)
        ? new Opening(row.account())
        : row.channel();
  }

  private void perform(Effect effect) {
    var id = row.id();
    long block = row.account().seenBlock();
    switch (effect) {
      case Effect.Deposited(var amount) -> transfers.add(Transfer.deposited(id, amount, block, at));
      case Effect.Withdrawn(var amount) -> {
        transfers.add(Transfer.withdrawn(id, amount, block, at));
        if (!row.account().balance().exceeds(row.account().charged())) {
          events.add(new ChannelEvent.ChannelClosed(id, row.account().charged(), at));
        }
      }
      case Effect.Claimed(var amount) -> transfers.add(Transfer.claimed(id, amount, block, at));
      case Effect.Overclaimed(var amount) ->
          transfers.add(Transfer.overclaimed(id, amount, block, at));
      case Effect.Frozen(var withdrawal) ->
          events.add(new ChannelEvent.ChannelFrozen(id, withdrawal, at));
      case Effect.Thawed _ -> events.add(new ChannelEvent.ChannelThawed(id, at));
      case Effect.Charged _,
          Effect.Reserved _,
          Effect.Released _,
          Effect.RelayDeposit _,
          Effect.RefundReserved _ ->
          throw new IllegalStateException("not the effect of a fact: " + effect);
    }
  }

  /// A channel found lost brings money that is held and owed to somebody all the same: to merchants
  /// we have forgotten, so it is kept apart as claimed too much.
  private void postFound(Account was, Account found) {
    ChannelId id = row.id();
    long block = found.seenBlock();
    var deposited = found.balance().minusOrZero(was.balance());
    if (!deposited.isZero()) transfers.add(Transfer.deposited(id, deposited, block, at));
    var claimed = found.claimed().minusOrZero(was.claimed());
    if (!claimed.isZero()) transfers.add(Transfer.claimed(id, claimed, block, at));
    var charged = found.charged().minusOrZero(was.charged());
    if (!charged.isZero()) transfers.add(Transfer.overclaimed(id, charged, block, at));
  }

  private void announceOpening() {
    var balance = row.account().balance();
    if (row.opened() || balance.isZero() || isLostNow()) return;
    row = new ChannelRow(row.id(), row.config(), row.channel(), true);
    events.add(new ChannelEvent.ChannelOpened(row.id(), row.config(), balance, at));
  }

  boolean isLostNow() {
    return row.channel() instanceof Lost;
  }

  boolean changed() {
    return !row.equals(before);
  }

  Recorded recorded() {
    var gain = transfers.stream().map(Transfer::payerGain).reduce(BigInteger.ZERO, BigInteger::add);
    return new Recorded(before, row, gain);
  }

  List<Transfer> transfers() {
    return List.copyOf(transfers);
  }

  List<ChannelEvent> events() {
    return List.copyOf(events);
  }
}
