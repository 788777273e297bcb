package millrace.watchtower.merchant;

import java.math.BigInteger;
import java.util.Optional;
import millrace.chain.rpc.Fees;

/// What is offered for a place in a block.
final class Bid {
  /// At the deadline four times what nodes suggest is offered.
  private static final int EXTRA_PERCENT = 300;

  private static final BigInteger HUNDRED = BigInteger.valueOf(100);

  private Bid() {}

  /// @param last the offer that was not enough for the newest blocks, if there was one
  /// @param shareOver how much of the time to the deadline is over
  /// @param mostWei the highest price per gas
  /// @return an offer that nodes take in place of the last; the last one when there is no room
  static Fees next(Optional<Fees> last, Fees suggested, double shareOver, BigInteger mostWei) {
    var percent = BigInteger.valueOf(100 + Math.round(EXTRA_PERCENT * shareOver));
    var wanted =
        new Fees(
            suggested.maxFeeWei().multiply(percent).divide(HUNDRED),
            suggested.priorityFeeWei().multiply(percent).divide(HUNDRED));
    if (last.isEmpty()) return limited(wanted, mostWei);
    var raised = last.get().raised().max(wanted);
    if (raised.maxFeeWei().compareTo(mostWei) <= 0) return raised;
    // One last step to the limit itself, if nodes would take it as one.
    var atLimit = limited(raised, mostWei);
    var least = last.get().raised();
    boolean isTaken =
        atLimit.maxFeeWei().compareTo(least.maxFeeWei()) >= 0
            && atLimit.priorityFeeWei().compareTo(least.priorityFeeWei()) >= 0;
    return isTaken ? atLimit : last.get();
  }

  private static Fees limited(Fees fees, BigInteger mostWei) {
    var max = fees.maxFeeWei().min(mostWei);
    return new Fees(max, fees.priorityFeeWei().min(max));
  }
}
