package millrace.chain.sender;

import java.math.BigInteger;
import java.time.Instant;

/// By when a transaction must be mined, by the time of blocks, and what would be lost otherwise.
///
/// @param since when the time began to run
/// @param worthWei what may be paid for it in all; less than gas costs anyway makes it ordinary
public record Urgency(Instant since, Instant deadline, BigInteger worthWei) {
  public Urgency {
    if (!deadline.isAfter(since)) throw new IllegalArgumentException("no time at all");
    if (worthWei.signum() < 0) throw new IllegalArgumentException("worthWei must not be negative");
  }
}
