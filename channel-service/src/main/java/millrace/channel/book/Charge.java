package millrace.channel.book;

import java.math.BigInteger;
import java.util.Optional;
import millrace.protocol.type.Amount;

/// What a batch of payments made of one channel, for [ChannelRows#charge].
///
/// @param before as locked at the start of the transaction
/// @param after as the rules left it
/// @param admitted the highest ceiling that the rules admitted anew, if they admitted any
/// @param exposable how much of the channel may be unguarded then; empty where nobody asks
/// @param payerGain what the payer's account in the ledger gains, below zero where it pays
/// @param earned what is posted to merchants
/// @param held what is posted as held for them
public record Charge(
    ChannelRow before,
    ChannelRow after,
    Optional<Amount> admitted,
    Optional<Amount> exposable,
    BigInteger payerGain,
    Amount earned,
    Amount held) {
  public Amount amount() {
    return after.account().charged().minus(before.account().charged());
  }

  boolean chargedAnything() {
    return after.account().sequence() != before.account().sequence();
  }

  /// The voucher's ceiling that has to cover what is charged now.
  Optional<Amount> covering() {
    if (!chargedAnything()) return Optional.empty();
    return after.account().newest().map(newest -> newest.voucher().ceiling());
  }
}
