package millrace.settlement.claim;

import java.util.Optional;
import millrace.chain.contract.ClaimRow;
import millrace.protocol.channel.ChainState;
import millrace.protocol.channel.SignedVoucher;
import millrace.protocol.type.Amount;
import millrace.settlement.chain.KnownChannel;

/// The newest voucher of a channel and what is due of it in all, which the voucher covers.
record Claimable(KnownChannel channel, SignedVoucher voucher, Amount due) {
  /// The row that claims what is owed, or nothing when the chain has it already. A channel that
  /// holds less than it owes gives what it holds.
  Optional<ClaimRow> rowAgainst(ChainState state) {
    var target = due.min(state.balance());
    if (!target.exceeds(state.claimed())) return Optional.empty();
    return Optional.of(new ClaimRow(channel.config(), voucher, target));
  }
}
