package millrace.chain.sender;

import java.math.BigDecimal;
import java.math.BigInteger;
import java.time.Duration;
import java.time.Instant;
import millrace.chain.rpc.Fees;

/// What an urgent transaction offers at a time. It begins with what the market asks and twice the
/// tip, for in a full block those who pay what everybody is told to pay stand in a queue. From a
/// quarter of the window on it grows by the same factor in the same time, until it has reached what
/// the money is worth at nine tenths.
///
/// @param gasLimit by which the worth is divided: all of it may be used
record FeeCurve(Urgency urgency, long gasLimit) {
  private static final double CLIMB_BEGINS = 0.25;
  private static final double CLIMB_ENDS = 0.9;

  /// Never below the market, which may have moved since; above it only what the money is worth.
  ///
  /// @param chainTime of the newest block
  Fees at(Instant chainTime, Fees market) {
    var tip = market.priorityFeeWei().shiftLeft(1);
    var whole = market.maxFeeWei().add(market.priorityFeeWei());
    double climbed = climbed(chainTime);
    return new Fees(between(whole, climbed), between(tip, climbed));
  }

  boolean climbs(Instant chainTime) {
    return climbed(chainTime) > 0;
  }

  /// From 0 before the climb to 1 at its end.
  private double climbed(Instant chainTime) {
    var window = Duration.between(urgency.since(), urgency.deadline());
    double share =
        Duration.between(urgency.since(), chainTime).toMillis() / (double) window.toMillis();
    return Math.clamp((share - CLIMB_BEGINS) / (CLIMB_ENDS - CLIMB_BEGINS), 0, 1);
  }

  /// Both fees end at the same worth, so the tip stays a part of the whole.
  private BigInteger between(BigInteger low, double climbed) {
    var high = urgency.worthWei().divide(BigInteger.valueOf(gasLimit)).max(low);
    if (climbed == 0 || high.equals(low)) return low;
    if (climbed == 1) return high;
    double factor = Math.pow(high.doubleValue() / low.max(BigInteger.ONE).doubleValue(), climbed);
    var fee = new BigDecimal(low.max(BigInteger.ONE)).multiply(BigDecimal.valueOf(factor));
    return fee.toBigInteger().max(low).min(high);
  }
}
