package millrace.protocol.channel;

import static millrace.protocol.channel.Refusal.STATE_LOST;

import java.util.List;
import millrace.protocol.channel.Decision.Accepted;
import millrace.protocol.channel.Decision.Refused;
import millrace.protocol.channel.Input.CaptureRequested;
import millrace.protocol.channel.Input.CeilingPublished;
import millrace.protocol.channel.Input.CreditGiven;
import millrace.protocol.channel.Input.DepositReceived;
import millrace.protocol.channel.Input.EarlyCreditGranted;
import millrace.protocol.channel.Input.HoldEndRequested;
import millrace.protocol.channel.Input.HoldReceived;
import millrace.protocol.channel.Input.RefundFailed;
import millrace.protocol.channel.Input.RefundReceived;
import millrace.protocol.channel.Input.RefundSeen;
import millrace.protocol.channel.Input.ReleaseRequested;
import millrace.protocol.channel.Input.ReservationRequested;
import millrace.protocol.channel.Input.ReturnFailed;
import millrace.protocol.channel.Input.ReturnRequested;
import millrace.protocol.channel.Input.StateSeen;
import millrace.protocol.channel.Input.VoucherReceived;
import millrace.protocol.channel.Input.WithdrawalSeen;

/// The contract has a history that this hub has not: a database was lost or restored too old.
/// Starting again at what was claimed would give away what was charged since, so it stays shut
/// until an operator restores it. The chain's figures are kept up to date and nothing is posted:
/// the restored ledger will know what they mean.
public record Lost(Account account) implements Channel {
  @Override
  public Decision on(Input input) {
    return switch (input) {
      case VoucherReceived _,
          HoldReceived _,
          HoldEndRequested _,
          CreditGiven _,
          ReturnRequested _,
          ReturnFailed _,
          ReservationRequested _,
          CaptureRequested _,
          ReleaseRequested _,
          RefundReceived _,
          DepositReceived _ ->
          new Refused(STATE_LOST);
      case StateSeen(var state) -> recorded(state);
      case RefundSeen(_, var after) -> recorded(after);
      case RefundFailed _, CeilingPublished _, WithdrawalSeen _, EarlyCreditGranted _ ->
          Accepted.unchanged(this);
    };
  }

  private Decision recorded(ChainState state) {
    return new Accepted(new Lost(account.observe(state).account()), List.of());
  }
}
