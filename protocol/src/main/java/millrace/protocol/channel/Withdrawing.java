package millrace.protocol.channel;

import static millrace.protocol.channel.Refusal.WITHDRAWAL_PENDING;

import java.util.Optional;
import millrace.protocol.channel.Decision.Refused;
import millrace.protocol.channel.Input.DepositReceived;
import millrace.protocol.channel.Input.Fact;
import millrace.protocol.channel.Input.HoldReceived;
import millrace.protocol.channel.Input.RefundReceived;
import millrace.protocol.channel.Input.ReservationRequested;
import millrace.protocol.channel.Input.ReturnRequested;
import millrace.protocol.channel.Input.VoucherReceived;

/// The payer is leaving: nothing new is served, whatever amount it asked for. A withdrawal never
/// expires and a deposit does not cancel it, so top-ups are refused as well.
public record Withdrawing(Account account, PendingWithdrawal withdrawal) implements Channel {
  @Override
  public Decision on(Input input) {
    return switch (input) {
      case VoucherReceived _,
          HoldReceived _,
          ReservationRequested _,
          RefundReceived _,
          ReturnRequested _,
          DepositReceived _ ->
          new Refused(WITHDRAWAL_PENDING);
      case Fact fact -> Channel.record(this, Optional.of(withdrawal), fact);
    };
  }
}
