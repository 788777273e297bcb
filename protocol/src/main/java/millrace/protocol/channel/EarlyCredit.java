package millrace.protocol.channel;

import millrace.protocol.type.Amount;

/// A deposit, or a part of one, that payments may use although it is not final yet. Whoever grants
/// it may lose it.
///
/// @param block it stands in; a final block as high knows better
public record EarlyCredit(Amount amount, long block) {}
