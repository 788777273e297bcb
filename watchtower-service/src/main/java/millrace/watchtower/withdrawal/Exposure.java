package millrace.watchtower.withdrawal;

import java.util.Optional;
import millrace.chain.contract.ChannelReader.Escrow;
import millrace.protocol.channel.PendingWithdrawal;
import millrace.protocol.type.Amount;

/// Decides from the contract's books alone, at the newest block and at the newest final one. That
/// a transaction was sent, or was final once, proves nothing here.
///
/// @param atFinal empty: not read, so good news only settle
/// @param due what the newest voucher of the channel is to pay
/// @param seenBlock in which the withdrawal was seen
record Exposure(Escrow atHead, Optional<Escrow> atFinal, Amount due, long seenBlock) {
  Verdict verdict() {
    if (atHead.block() < seenBlock) return new Verdict.Settling(); // The node lags behind.
    if (atHead.withdrawal().isEmpty()) return withoutWithdrawal();
    var target = claimTarget(atHead);
    if (!target.exceeds(atHead.claimed())) {
      boolean safe = atFinal.filter(state -> !target.exceeds(state.claimed())).isPresent();
      return safe ? new Verdict.Safe() : new Verdict.Settling();
    }
    var pending = atHead.withdrawal().map(PendingWithdrawal::amount).orElse(Amount.ZERO);
    var left = atHead.balance().minusOrZero(pending);
    if (!target.exceeds(left)) return new Verdict.Untouchable();
    return new Verdict.Exposed(target, target.minusOrZero(left.max(atHead.claimed())));
  }

  private Verdict withoutWithdrawal() {
    boolean gone =
        atFinal
            .filter(state -> state.withdrawal().isEmpty() && state.block() >= seenBlock)
            .isPresent();
    return gone ? new Verdict.Gone() : new Verdict.Settling();
  }

  /// No more than the contract would pay: the payer may have taken some already.
  private Amount claimTarget(Escrow state) {
    return state.claimed().max(due.min(state.balance()));
  }
}
