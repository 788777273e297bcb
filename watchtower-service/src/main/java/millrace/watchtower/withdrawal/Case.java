package millrace.watchtower.withdrawal;

import millrace.protocol.type.ChannelId;
import millrace.watchtower.voucher.GuardedVoucher;

/// A withdrawal, the voucher against it, and what the chain says of both.
record Case(WatchedWithdrawal withdrawal, GuardedVoucher voucher, Verdict verdict) {
  ChannelId channelId() {
    return withdrawal.channelId();
  }

  /// When the time began to run.
  long initiatedSeconds() {
    return withdrawal.finalizeAfterSeconds() - voucher.config().withdrawDelaySeconds();
  }
}
