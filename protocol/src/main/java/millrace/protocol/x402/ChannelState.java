package millrace.protocol.x402;

import java.math.BigInteger;
import millrace.protocol.channel.Channel;
import millrace.protocol.channel.ChannelConfig;
import millrace.protocol.channel.Withdrawing;
import millrace.protocol.type.Amount;
import millrace.protocol.type.ChannelId;
import tools.jackson.databind.node.ObjectNode;

/// What the server says of a channel after an answer. The client stops advancing when a part is
/// missing, so none is optional.
///
/// @param withdrawRequestedAt block time (Unix seconds) of the pending withdrawal; 0 without one
/// @param chargedCumulativeAmount what the payer owes in all
public record ChannelState(
    ChannelId channelId,
    Amount balance,
    Amount totalClaimed,
    long withdrawRequestedAt,
    BigInteger refundNonce,
    Amount chargedCumulativeAmount) {
  public static ChannelState of(ChannelId channelId, ChannelConfig config, Channel channel) {
    var account = channel.account();
    long requestedAt =
        channel instanceof Withdrawing(_, var withdrawal)
            ? Math.max(0, withdrawal.finalizeAfterSeconds() - config.withdrawDelaySeconds())
            : 0;
    return new ChannelState(
        channelId,
        account.balance(),
        account.claimed(),
        requestedAt,
        account.refundNonce(),
        account.charged());
  }

  static ChannelState read(Fields fields) {
    return new ChannelState(
        fields.as("channelId", ChannelId::of),
        fields.amount("balance"),
        fields.amount("totalClaimed"),
        fields.count("withdrawRequestedAt"),
        fields.uint256("refundNonce"),
        fields.amount("chargedCumulativeAmount"));
  }

  ObjectNode write() {
    return Json.object()
        .put("channelId", channelId.toString())
        .put("balance", balance.toString())
        .put("totalClaimed", totalClaimed.toString())
        .put("withdrawRequestedAt", withdrawRequestedAt)
        .put("refundNonce", refundNonce.toString())
        .put("chargedCumulativeAmount", chargedCumulativeAmount.toString());
  }
}
