package millrace.chain.sender;

import java.time.Duration;

/// What an operator is to know of an account.
///
/// @param waiting requests without a nonce yet
/// @param sending transactions that are not final yet
/// @param oldest since when the oldest of both has been asked for
public record SenderStatus(long waiting, long sending, Duration oldest) {}
