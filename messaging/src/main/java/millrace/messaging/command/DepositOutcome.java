package millrace.messaging.command;

import millrace.messaging.event.SettlementEvent.DepositFailure;
import millrace.protocol.type.Amount;
import millrace.protocol.type.Bytes32;

/// What became of a [DepositCommand]. `Pending` is not an end: asking again with the same command
/// tells.
public sealed interface DepositOutcome {
  record Confirmed(Bytes32 transaction, Amount amount, ChannelView channel)
      implements DepositOutcome {}

  record Pending(Bytes32 authorizationNonce) implements DepositOutcome {}

  record Failed(DepositFailure reason, String detail) implements DepositOutcome {}

  record Refused(RefusalReason reason) implements DepositOutcome {}
}
