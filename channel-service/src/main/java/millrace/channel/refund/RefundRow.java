package millrace.channel.refund;

import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import millrace.channel.book.ChannelRow;
import millrace.messaging.command.RefundCommand;
import millrace.protocol.type.Amount;
import millrace.protocol.type.Bytes32;
import millrace.protocol.type.ChannelId;
import millrace.protocol.type.RefundId;

/// A refund that settlement was asked to carry out.
///
/// @param ceiling of the voucher that asked for it
/// @param askedAmount empty when all that was unspent was asked for
/// @param balanceAfter of the channel, when it was done
record RefundRow(
    RefundId id,
    ChannelId channelId,
    Amount ceiling,
    Optional<Amount> askedAmount,
    Amount amount,
    Status status,
    Optional<Bytes32> transaction,
    Optional<Amount> balanceAfter,
    String detail,
    Optional<Instant> endedAt) {
  enum Status {
    PENDING,
    CONFIRMED,
    FAILED
  }

  /// Whether the command asks for this refund again, rather than for a new one: it says the same,
  /// this one has not ended long ago, and no money has come since.
  boolean answers(RefundCommand command, ChannelRow channel, Instant now, Duration window) {
    return ceiling.equals(command.voucher().voucher().ceiling())
        && askedAmount.equals(command.amount())
        && endedAt.map(end -> end.plus(window).isAfter(now)).orElse(true)
        && balanceAfter.map(after -> !channel.account().balance().exceeds(after)).orElse(true);
  }
}
