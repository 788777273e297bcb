package millrace.chain.sender;

import java.math.BigInteger;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import millrace.chain.rpc.Fees;

/// Works out which urgent transactions are to offer more, and how much. A transaction is mined only
/// after all those with lower nonces, so none of them offers less than a later one that is urgent.
final class Offers {
  private Offers() {}

  /// The next version of a transaction.
  record Raise(Attempt last, Fees fees) {}

  /// The first offer. Urgent ones offer what their curve says, as far as there is money for it; but
  /// not less than the market asks, for then it is better to wait for the money.
  static Fees first(
      TransactionRequest request,
      long gasLimit,
      Instant chainTime,
      Fees market,
      BigInteger fundsWei) {
    var affordable = fundsWei.max(BigInteger.ZERO).divide(BigInteger.valueOf(gasLimit));
    return request
        .urgency()
        .map(urgency -> new FeeCurve(urgency, gasLimit).at(chainTime, market))
        .map(fees -> fees.limitedTo(affordable).max(market))
        .orElse(market);
  }

  /// @param open newest version of each transaction that is not mined, by nonce
  /// @param fundsWei what the account holds for all of them
  static List<Raise> due(List<Attempt> open, Instant chainTime, Fees market, BigInteger fundsWei) {
    var raises = new ArrayList<Raise>();
    var free = fundsWei;
    for (var attempt : open) free = free.subtract(attempt.highestCost());
    var least = Optional.<Fees>empty();
    for (var attempt : open.reversed()) {
      var wanted = wanted(attempt, chainTime, market);
      least = wanted.isPresent() ? Optional.of(max(wanted.get(), least)) : least;
      if (least.isEmpty()) continue;
      var raise = raise(attempt, least.get(), free);
      if (raise.isEmpty()) continue;
      free = free.add(attempt.highestCost()).subtract(cost(attempt, raise.get().fees()));
      raises.addFirst(raise.get());
    }
    return raises;
  }

  private static Optional<Fees> wanted(Attempt attempt, Instant chainTime, Fees market) {
    return attempt
        .urgency()
        .map(urgency -> new FeeCurve(urgency, attempt.gasLimit()))
        .filter(curve -> curve.climbs(chainTime))
        .map(curve -> curve.at(chainTime, market));
  }

  private static Fees max(Fees wanted, Optional<Fees> least) {
    return least.map(wanted::max).orElse(wanted);
  }

  /// Nothing where the offer would be less than an eighth above the last one, which no node takes.
  private static Optional<Raise> raise(Attempt attempt, Fees wanted, BigInteger freeWei) {
    var least = attempt.fees().raised();
    var affordable = attempt.highestCost().add(freeWei).divide(gas(attempt));
    var fees = wanted.limitedTo(affordable);
    boolean isTaken =
        fees.maxFeeWei().compareTo(least.maxFeeWei()) >= 0
            && fees.priorityFeeWei().compareTo(least.priorityFeeWei()) >= 0;
    return isTaken ? Optional.of(new Raise(attempt, fees)) : Optional.empty();
  }

  private static BigInteger cost(Attempt attempt, Fees fees) {
    return fees.maxFeeWei().multiply(gas(attempt));
  }

  private static BigInteger gas(Attempt attempt) {
    return BigInteger.valueOf(attempt.gasLimit());
  }
}
