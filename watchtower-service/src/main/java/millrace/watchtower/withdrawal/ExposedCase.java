package millrace.watchtower.withdrawal;

import java.util.Comparator;
import millrace.chain.contract.ClaimRow;
import millrace.protocol.type.Amount;
import millrace.protocol.type.ChannelId;

/// A channel that is to be claimed.
///
/// @param row of the claim
/// @param atRisk what the payer could take of it otherwise
/// @param sinceSeconds when the payer announced that
/// @param deadlineSeconds from when on it may, both by the time of blocks
record ExposedCase(
    ChannelId channelId, ClaimRow row, Amount atRisk, long sinceSeconds, long deadlineSeconds) {
  private static final int PARTS = 10;

  /// Those of the same tenth of their window are equally urgent, so that of thousands that come
  /// within a few blocks the dearest go first. Who has less time left than that goes before them.
  static Comparator<ExposedCase> mostUrgentFirst(long chainSeconds) {
    return Comparator.comparingLong((ExposedCase c) -> c.tenthsLeft(chainSeconds))
        .thenComparing(ExposedCase::atRisk, Comparator.reverseOrder())
        .thenComparing(ExposedCase::deadlineSeconds)
        .thenComparing(ExposedCase::channelId);
  }

  private long tenthsLeft(long chainSeconds) {
    long window = Math.max(1, deadlineSeconds - sinceSeconds);
    return Math.max(0, (deadlineSeconds - chainSeconds) * PARTS / window);
  }
}
