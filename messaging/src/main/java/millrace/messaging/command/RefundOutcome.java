package millrace.messaging.command;

import java.util.Optional;
import millrace.protocol.channel.SignedVoucher;
import millrace.protocol.type.Amount;
import millrace.protocol.type.Bytes32;
import millrace.protocol.type.RefundId;

/// What became of a [RefundCommand].
public sealed interface RefundOutcome {
  record Confirmed(RefundId id, Bytes32 transaction, Amount amount, ChannelView channel)
      implements RefundOutcome {}

  record Pending(RefundId id) implements RefundOutcome {}

  record Failed(RefundId id, String detail) implements RefundOutcome {}

  record Refused(
      RefusalReason reason, Optional<ChannelView> channel, Optional<SignedVoucher> newest)
      implements RefundOutcome {}
}
