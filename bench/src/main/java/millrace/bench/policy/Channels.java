package millrace.bench.policy;

import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;
import millrace.protocol.type.Amount;
import millrace.settlement.claim.ClaimPolicy.Due;
import millrace.settlement.claim.ClaimReason;
import millrace.settlement.claim.Unclaimed;

/// What each payer's channel owes, by the rules of settlement's own tables: a channel is in one
/// batch at a time, and what is charged meanwhile waits for the next.
final class Channels {
  private final long[] charged;
  private final long[] claimed;
  private final int[] since;
  private final boolean[] inBatch;
  private final boolean[] leaving;
  private final long minRowValue;
  private long atRisk;
  private long beingClaimed;

  Channels(int count, long minRowValue) {
    charged = new long[count];
    claimed = new long[count];
    since = new int[count];
    inBatch = new boolean[count];
    leaving = new boolean[count];
    this.minRowValue = minRowValue;
  }

  /// What a channel had been charged when it was put into a batch.
  record Row(int channel, long total) {}

  void charge(int channel, long units, int now) {
    if (charged[channel] == claimed[channel]) since[channel] = now;
    charged[channel] += units;
    atRisk += units;
  }

  void leave(int channel) {
    leaving[channel] = true;
  }

  boolean isLeaving(int channel) {
    return leaving[channel];
  }

  /// Accepted, and not yet claimed in a final block.
  long atRisk() {
    return atRisk;
  }

  long beingClaimed() {
    return beingClaimed;
  }

  Unclaimed unclaimed(Instant start, long shortfall) {
    long value = 0;
    long count = 0;
    int oldest = Integer.MAX_VALUE;
    boolean any = false;
    for (int i = 0; i < charged.length; i++) {
      if (!isDue(i)) continue;
      value += charged[i] - claimed[i];
      count++;
      oldest = Math.min(oldest, since[i]);
      any |= leaving[i];
    }
    Optional<Instant> at = count == 0 ? Optional.empty() : Optional.of(start.plusSeconds(oldest));
    return new Unclaimed(Amount.of(value), at, count, any, Amount.of(shortfall));
  }

  /// Leaving payers first, then those that owe most, or for age those that owe longest.
  List<Row> take(int atMost, Due time) {
    var due = new ArrayList<Integer>();
    IntStream.range(0, charged.length)
        .filter(i -> isDue(i) && (leaving[i] || !time.onlyLeaving()))
        .forEach(due::add);
    var order = Comparator.comparing((Integer i) -> !leaving[i]);
    if (time.reason() == ClaimReason.AGE) order = order.thenComparing(i -> since[i]);
    due.sort(order.thenComparing(this::owed, Comparator.reverseOrder()));
    var rows = due.subList(0, Math.min(atMost, due.size()));
    for (int i : rows) {
      inBatch[i] = true;
      beingClaimed += owed(i);
    }
    return rows.stream().map(i -> new Row(i, charged[i])).toList();
  }

  /// The claim is final.
  ///
  /// @return the units it brought
  long claimed(List<Row> rows, int now) {
    long brought = 0;
    for (var row : rows) {
      brought += row.total() - claimed[row.channel()];
      claimed[row.channel()] = row.total();
      inBatch[row.channel()] = false;
      since[row.channel()] = now;
    }
    atRisk -= brought;
    beingClaimed -= brought;
    return brought;
  }

  private long owed(int channel) {
    return charged[channel] - claimed[channel];
  }

  private boolean isDue(int i) {
    long owed = charged[i] - claimed[i];
    return !inBatch[i] && owed > 0 && (owed >= minRowValue || leaving[i]);
  }
}
