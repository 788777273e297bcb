package millrace.bench.policy;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Random;

/// What merchants have earned and which payouts wait. Two of five are paid daily at midnight, two
/// whenever they have five dollars, and one asks once, at any time.
final class Merchants {
  private static final int CHECK_EVERY = 300;
  private static final long THRESHOLD = 5_000_000;
  private static final long LEAST = 1_000_000;

  private final long[] balance;
  private final int[] asksAt;
  private final Deque<Payout> waiting = new ArrayDeque<>();

  record Payout(long units, int askedAt) {}

  Merchants(int count, long seed) {
    balance = new long[count];
    asksAt = new int[count];
    var random = new Random(seed);
    for (int i = 0; i < count; i++) asksAt[i] = random.nextInt(Day.LENGTH);
  }

  void earn(int merchant, long units) {
    balance[merchant] += units;
  }

  /// @param before when this was called last, in seconds of the day
  void ask(int before, int now) {
    for (int i = 0; i < balance.length; i++) {
      boolean asks =
          switch (i % 5) {
            case 0, 1 -> passes(Day.MIDNIGHT, before, now) && balance[i] >= LEAST;
            case 2, 3 -> now / CHECK_EVERY > before / CHECK_EVERY && balance[i] >= THRESHOLD;
            default -> passes(asksAt[i], before, now) && balance[i] > 0;
          };
      if (!asks) continue;
      waiting.add(new Payout(balance[i], now));
      balance[i] = 0;
    }
  }

  Deque<Payout> waiting() {
    return waiting;
  }

  /// In the order in which they asked, as far as the money goes; nobody overtakes.
  List<Payout> take(int atMost, long available) {
    var taken = new ArrayList<Payout>();
    long left = available;
    while (taken.size() < atMost && !waiting.isEmpty() && waiting.getFirst().units() <= left) {
      left -= waiting.getFirst().units();
      taken.add(waiting.removeFirst());
    }
    return taken;
  }

  private static boolean passes(int moment, int before, int now) {
    return before < moment && moment <= now;
  }
}
