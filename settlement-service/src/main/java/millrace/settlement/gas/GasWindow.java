package millrace.settlement.gas;

import java.math.BigInteger;
import java.time.Duration;
import java.time.Instant;
import java.util.TreeMap;

/// What gas cost lately: one price of each of 288 equal parts of a window, so that it stays small
/// however many blocks there are. What is usual is the median, which a short spike does not move.
public final class GasWindow {
  private static final int PARTS = 288;

  /// One twenty-fourth of the window. Before that, no price is called dear or cheap.
  private static final int LEAST = PARTS / 24;

  private final long partMillis;
  private final TreeMap<Long, BigInteger> prices = new TreeMap<>();
  private BigInteger usual = BigInteger.ONE;

  public GasWindow(Duration length) {
    partMillis = length.dividedBy(PARTS).toMillis();
    if (partMillis < 1) throw new IllegalArgumentException("the window is too short: " + length);
  }

  /// Takes in what a unit of gas costs at that time, in wei.
  public synchronized GasPrice seen(Instant at, BigInteger price) {
    long part = Math.floorDiv(at.toEpochMilli(), partMillis);
    if (prices.isEmpty() || part > prices.lastKey()) {
      prices.put(part, price);
      prices.headMap(part - PARTS, true).clear();
      usual = median().max(BigInteger.ONE);
    }
    return prices.size() < LEAST ? GasPrice.UNKNOWN : new GasPrice(price, usual);
  }

  synchronized int size() {
    return prices.size();
  }

  private BigInteger median() {
    return prices.values().stream()
        .sorted()
        .skip((prices.size() - 1) / 2)
        .findFirst()
        .orElseThrow();
  }
}
