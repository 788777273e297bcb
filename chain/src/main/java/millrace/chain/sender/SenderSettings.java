package millrace.chain.sender;

import java.math.BigInteger;
import java.time.Duration;
import millrace.chain.rpc.Fees;

/// @param confirmations how many blocks, its own included, make a transaction final
/// @param resendAfter how long a transaction without receipt is left alone before it is sent again
/// @param replaceAfter how long until it is replaced by one that offers more
/// @param maxFeeWei what is offered per gas at most, replacements included
/// @param maxInFlight how many nonces may be open at once
/// @param lease after how long without a sign of life another process takes the account over
/// @param reserveWei with less than this for gas, the account is reported as low
public record SenderSettings(
    BigInteger chainId,
    int confirmations,
    Duration pollInterval,
    Duration resendAfter,
    Duration replaceAfter,
    BigInteger maxFeeWei,
    int maxInFlight,
    Duration lease,
    BigInteger reserveWei) {
  public SenderSettings {
    if (confirmations < 1) throw new IllegalArgumentException("confirmations must be at least 1");
    if (maxInFlight < 1) throw new IllegalArgumentException("maxInFlight must be at least 1");
    if (maxFeeWei.signum() <= 0) throw new IllegalArgumentException("maxFeeWei must be positive");
    if (!lease.isPositive()) throw new IllegalArgumentException("lease must be positive");
    if (!pollInterval.isPositive()) {
      throw new IllegalArgumentException("pollInterval must be positive");
    }
  }

  Fees limited(Fees suggested) {
    return suggested.limitedTo(maxFeeWei);
  }
}
