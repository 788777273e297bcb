package millrace.protocol.channel;

import millrace.protocol.type.Amount;

/// The payer asked the contract for its money back and may take it when the delay is over.
///
/// @param amount base units asked for
/// @param finalizeAfterSeconds block time (Unix seconds) from which the payer may take it
/// @param block in which the withdrawal was seen
public record PendingWithdrawal(Amount amount, long finalizeAfterSeconds, long block) {}
