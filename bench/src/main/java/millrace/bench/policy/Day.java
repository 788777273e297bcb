package millrace.bench.policy;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;

/// A day of payments, from noon to noon: few payers and merchants have most of them, most are in
/// the afternoon, and some payers leave. The same for every policy.
///
/// @param payments in their order
/// @param leaves the second at which each payer asks for its money back; beyond the day: never
record Day(List<Payment> payments, List<Integer> leaves) {
  /// @param units base units of a token with six decimals
  record Payment(int second, int payer, int merchant, long units) {}

  static final int LENGTH = 24 * 3_600;

  /// From the beginning of the day, which is noon.
  static final int MIDNIGHT = LENGTH / 2;

  private static final double PEAK_AT = 3 * 3_600;
  private static final double SWING = 0.7;
  private static final double MEDIAN_UNITS = 2_000;
  private static final double SPREAD = 1.0;
  private static final double LEAVING = 0.01;

  static Day of(long seed, int payments, int payerCount, int merchantCount) {
    var random = new Random(seed);
    int[] seconds = new int[payments];
    for (int i = 0; i < payments; i++) seconds[i] = second(random);
    Arrays.sort(seconds);
    double[] payerShares = shares(payerCount);
    double[] merchantShares = shares(merchantCount);
    var made = new ArrayList<Payment>();
    for (int second : seconds) {
      long units = 1 + Math.round(MEDIAN_UNITS * Math.exp(SPREAD * random.nextGaussian()));
      int payer = pick(payerShares, random);
      made.add(new Payment(second, payer, pick(merchantShares, random), units));
    }
    var leaves = new ArrayList<Integer>();
    for (int i = 0; i < payerCount; i++) {
      leaves.add(random.nextDouble() < LEAVING ? random.nextInt(LENGTH) : Integer.MAX_VALUE);
    }
    return new Day(made, leaves);
  }

  private static int second(Random random) {
    while (true) {
      int second = random.nextInt(LENGTH);
      double rate = 1 + SWING * Math.cos(2 * Math.PI * (second - PEAK_AT) / LENGTH);
      if (random.nextDouble() * (1 + SWING) < rate) return second;
    }
  }

  /// Zipf's law: the second has half of what the first has, the third a third. Cumulative.
  private static double[] shares(int count) {
    double[] shares = new double[count];
    double sum = 0;
    for (int i = 0; i < count; i++) shares[i] = sum += 1.0 / (i + 1);
    return shares;
  }

  private static int pick(double[] shares, Random random) {
    int found = Arrays.binarySearch(shares, random.nextDouble() * shares[shares.length - 1]);
    return Math.min(found < 0 ? -found - 1 : found, shares.length - 1);
  }
}
