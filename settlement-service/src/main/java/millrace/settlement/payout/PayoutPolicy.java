package millrace.settlement.payout;

import java.math.BigInteger;
import java.time.Duration;
import java.time.Instant;
import millrace.settlement.gas.GasPrice;

/// Decides whether it is time to pay those who wait. Payouts go out at once while gas costs what it
/// usually does; the dearer it is, the longer they wait for it to fall, and together.
///
/// @param maxWait no payout waits longer for cheaper gas; that long at twice the usual price
/// @param fullBatch so many fill a transaction, and waiting would save nothing
public record PayoutPolicy(Duration maxWait, int fullBatch) {
  private static final int LONGEST_AT = 2;

  /// @param since when the oldest of them was asked for
  public boolean due(int waiting, Instant since, GasPrice gas, Instant now) {
    if (waiting == 0) return false;
    return waiting >= fullBatch || !since.plus(patience(gas)).isAfter(now);
  }

  private Duration patience(GasPrice gas) {
    var millis = BigInteger.valueOf(maxWait.toMillis());
    return Duration.ofMillis(
        gas.times(millis, LONGEST_AT).subtract(millis).max(BigInteger.ZERO).longValueExact());
  }
}
