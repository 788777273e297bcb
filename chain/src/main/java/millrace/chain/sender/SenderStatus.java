package millrace.chain.sender;

import java.time.Duration;
import java.util.Set;

/// What an operator is to know of an account.
///
/// @param waiting requests without a nonce yet
/// @param sending transactions that are not final yet
/// @param oldest since when the oldest of both has been asked for
/// @param leads whether this process is the one that sends
/// @param troubles as far as this process has seen them
public record SenderStatus(
    long waiting, long sending, Duration oldest, boolean leads, Set<Trouble> troubles) {}
