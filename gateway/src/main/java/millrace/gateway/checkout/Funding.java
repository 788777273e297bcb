package millrace.gateway.checkout;

import java.util.Optional;
import millrace.messaging.command.DepositOutcome;
import millrace.messaging.command.RefundOutcome;

/// What a payload asks of the chain, done.
public sealed interface Funding {
  /// The channel can be charged.
  ///
  /// @param deposit that came with the voucher
  record Ready(Optional<DepositOutcome.Confirmed> deposit) implements Funding {}

  /// There was nothing to charge: the payer wanted its money back.
  record PaidBack(RefundOutcome.Confirmed refund) implements Funding {}
}
