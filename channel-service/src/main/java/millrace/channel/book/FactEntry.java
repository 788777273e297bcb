package millrace.channel.book;

import java.math.BigInteger;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import millrace.channel.book.ChannelRows.Recorded;
import millrace.channel.ledger.Transfer;
import millrace.messaging.event.ChannelEvent;
import millrace.protocol.channel.Decision.Accepted;
import millrace.protocol.channel.Decision.Refused;
import millrace.protocol.channel.Effect;
import millrace.protocol.channel.Input.Fact;
import millrace.protocol.channel.Lost;

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

  void apply(Fact fact) {
    switch (row.channel().on(fact)) {
      case Accepted(var next, var effects) -> {
        row = row.with(next);
        effects.forEach(this::perform);
        announceOpening();
      }
      case Refused(var reason) ->
          throw new IllegalStateException("a fact was refused: " + fact + ", " + reason);
    }
  }

  private void perform(Effect effect) {
    var id = row.id();
    long block = row.account().seenBlock();
    switch (effect) {
      case Effect.Deposited(var amount) -> transfers.add(Transfer.deposited(id, amount, block, at));
      case Effect.Withdrawn(var amount) -> {
        transfers.add(Transfer.withdrawn(id, amount, block, at));
        var account = row.account();
        if (!account.balance().plus(account.returned()).exceeds(account.charged())) {
          events.add(new ChannelEvent.ChannelClosed(id, account.charged(), at));
        }
      }
      case Effect.Claimed(var amount) -> transfers.add(Transfer.claimed(id, amount, block, at));
      case Effect.Overclaimed(var amount) -> {
        transfers.add(Transfer.overclaimed(id, amount, block, at));
        var claimed = row.account().claimed();
        events.add(new ChannelEvent.ChannelOverclaimed(id, claimed, amount, at));
      }
      case Effect.Frozen(var withdrawal) ->
          events.add(new ChannelEvent.ChannelFrozen(id, withdrawal, at));
      case Effect.Thawed _ -> events.add(new ChannelEvent.ChannelThawed(id, at));
      case Effect.Charged _,
          Effect.Held _,
          Effect.HoldEnded _,
          Effect.GivenBack _,
          Effect.ReturnBegun _,
          Effect.ReturnUndone _,
          Effect.Reserved _,
          Effect.Released _,
          Effect.RelayDeposit _,
          Effect.RefundReserved _ ->
          throw new IllegalStateException("not the effect of a fact: " + effect);
    }
  }

  private void announceOpening() {
    var balance = row.account().balance();
    if (row.opened() || balance.isZero() || isLostNow()) return;
    row = row.announced();
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
