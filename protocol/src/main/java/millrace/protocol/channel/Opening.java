package millrace.protocol.channel;

import static millrace.protocol.channel.Refusal.NOT_FUNDED;

import java.util.List;
import java.util.Optional;
import millrace.protocol.channel.Decision.Accepted;
import millrace.protocol.channel.Decision.Refused;
import millrace.protocol.channel.Effect.RelayDeposit;
import millrace.protocol.channel.Input.DepositReceived;
import millrace.protocol.channel.Input.RefundReceived;
import millrace.protocol.channel.Input.ReservationRequested;
import millrace.protocol.channel.Input.StateSeen;
import millrace.protocol.channel.Input.VoucherReceived;
import millrace.protocol.type.Amount;

/// Known by its terms; no final block has shown money in it yet.
public record Opening(Account account) implements Channel {
  @Override
  public Decision on(Input input) {
    return switch (input) {
      case VoucherReceived _, ReservationRequested _, RefundReceived _ -> new Refused(NOT_FUNDED);
      case DepositReceived(var amount) -> new Accepted(this, List.of(new RelayDeposit(amount)));
      case StateSeen(var state) when hasHistory(state) -> new Accepted(lost(state), List.of());
      default -> Channel.record(this, Optional.empty(), input);
    };
  }

  /// A channel that the chain knows better than we do: vouchers signed before would be forgotten
  /// if it started again at what was claimed.
  private static boolean hasHistory(ChainState state) {
    return state.claimed().exceeds(Amount.ZERO) || state.refundNonce().signum() > 0;
  }

  private Lost lost(ChainState state) {
    return new Lost(account.observe(state).account());
  }
}
