package millrace.protocol.channel;

import static millrace.protocol.channel.Refusal.NOT_FUNDED;

import java.util.List;
import java.util.Optional;
import millrace.protocol.channel.Decision.Accepted;
import millrace.protocol.channel.Decision.Refused;
import millrace.protocol.channel.Effect.RelayDeposit;
import millrace.protocol.channel.Input.DepositReceived;
import millrace.protocol.channel.Input.Fact;
import millrace.protocol.channel.Input.HoldReceived;
import millrace.protocol.channel.Input.RefundReceived;
import millrace.protocol.channel.Input.ReservationRequested;
import millrace.protocol.channel.Input.ReturnRequested;
import millrace.protocol.channel.Input.VoucherReceived;

/// Known by its terms; no final block has shown money in it yet.
public record Opening(Account account) implements Channel {
  @Override
  public Decision on(Input input) {
    return switch (input) {
      case VoucherReceived _,
          HoldReceived _,
          ReservationRequested _,
          RefundReceived _,
          ReturnRequested _ ->
          new Refused(NOT_FUNDED);
      case DepositReceived(var amount) -> new Accepted(this, List.of(new RelayDeposit(amount)));
      case Fact fact -> Channel.record(this, Optional.empty(), fact);
    };
  }
}
