package millrace.bench.policy;

import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/// How a policy did.
///
/// @param fee wei spent
/// @param atRisk units accepted and not yet claimed for good, once a minute
/// @param delays seconds from asking for a payout until it is final, sorted
/// @param reasons how many claims had which
record Outcome(
    Contestant contestant,
    long payments,
    int claims,
    long rows,
    int payouts,
    double gas,
    double fee,
    List<Long> atRisk,
    List<Integer> delays,
    Map<String, Integer> reasons) {
  private static final double DOLLAR = 1e6;

  double gasPerPayment() {
    return gas / payments;
  }

  double gweiPerPayment() {
    return fee / 1e9 / payments;
  }

  double meanAtRisk() {
    return atRisk.stream().mapToLong(Long::longValue).average().orElse(0) / DOLLAR;
  }

  /// In dollars, of a token with six decimals.
  double atRisk(double quantile) {
    long[] sorted = atRisk.stream().mapToLong(Long::longValue).toArray();
    Arrays.sort(sorted);
    return sorted[place(sorted.length, quantile)] / DOLLAR;
  }

  /// In seconds; zero when nobody was paid.
  int delay(double quantile) {
    return delays.isEmpty() ? 0 : delays.get(place(delays.size(), quantile));
  }

  Map<String, Number> last() {
    var last = new LinkedHashMap<String, Number>();
    last.put("gas_per_payment", Math.round(gasPerPayment()));
    last.put("gwei_per_payment", Math.round(gweiPerPayment()));
    last.put("at_risk_mean", cents(meanAtRisk()));
    last.put("at_risk_p95", cents(atRisk(0.95)));
    last.put("at_risk_max", cents(atRisk(1)));
    last.put("payout_delay_p50_s", delay(0.5));
    last.put("payout_delay_p95_s", delay(0.95));
    last.put("payout_delay_max_s", delay(1));
    last.put("claims", claims);
    last.put("channels_per_claim", cents((double) rows / Math.max(1, claims)));
    last.put("payouts", payouts);
    return last;
  }

  private static int place(int size, double quantile) {
    return (int) Math.min(size - 1, Math.ceil(quantile * size) - 1);
  }

  private static double cents(double value) {
    return Math.round(value * 100) / 100.0;
  }
}
