package millrace.bench.policy;

import java.math.BigInteger;
import java.util.Random;

/// What a unit of gas costs in every block of three days: a daily curve, noise that lasts, and
/// spikes that come suddenly and fade. Made up, not recorded; a seed makes it come again.
final class GasPrices {
  static final int BLOCK_SECONDS = 12;

  /// Where the day begins, with a day before it to know what is usual.
  private static final int BEFORE = 24 * 3_600;

  private static final int SECONDS = 3 * BEFORE;
  private static final double USUAL_WEI = 1e9;
  private static final double DAILY = 0.25;
  private static final double NOISE = 0.02;
  private static final double FADING = 0.995;
  private static final double SPIKES_A_DAY = 8;
  private static final double SPIKE_FADING = 0.99;
  private static final double HIGHEST_SPIKE = 10;

  private final long[] wei = new long[SECONDS / BLOCK_SECONDS];

  GasPrices(long seed) {
    var random = new Random(seed);
    double noise = 0;
    double spike = 0;
    for (int block = 0; block < wei.length; block++) {
      double day = (double) block * BLOCK_SECONDS / BEFORE;
      noise = FADING * noise + NOISE * random.nextGaussian();
      spike *= SPIKE_FADING;
      if (random.nextDouble() < SPIKES_A_DAY * BLOCK_SECONDS / BEFORE) {
        spike = Math.max(spike, Math.log(2 + random.nextDouble() * (HIGHEST_SPIKE - 2)));
      }
      double log = DAILY * Math.sin(2 * Math.PI * day) + noise + spike;
      wei[block] = Math.round(USUAL_WEI * Math.exp(log));
    }
  }

  /// @param second from the beginning of the day; up to a day before and two days after
  BigInteger at(int second) {
    return BigInteger.valueOf(wei(second));
  }

  long wei(int second) {
    return wei[Math.min((second + BEFORE) / BLOCK_SECONDS, wei.length - 1)];
  }
}
