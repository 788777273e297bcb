package millrace.gateway.checkout;

import java.util.Optional;
import millrace.messaging.command.ChannelView;
import millrace.messaging.command.DepositOutcome;
import millrace.messaging.command.PaymentOutcome;
import millrace.messaging.command.RefundOutcome;
import millrace.protocol.type.Address;
import millrace.protocol.x402.ChannelState;
import millrace.protocol.x402.Network;
import millrace.protocol.x402.SettleResponse;

/// What was done, in the words that a client needs to follow.
public record Receipts(Network network) {
  public SettleResponse paid(
      Address payer, PaymentOutcome.Taken taken, Optional<DepositOutcome.Confirmed> deposit) {
    var state = state(taken.channel());
    return deposit
        .map(
            confirmed ->
                SettleResponse.deposited(
                    network,
                    payer,
                    confirmed.transaction(),
                    confirmed.amount(),
                    state,
                    taken.chargedAnew()))
        .orElseGet(() -> SettleResponse.charged(network, payer, state, taken.chargedAnew()));
  }

  public SettleResponse refunded(Address payer, RefundOutcome.Confirmed refund) {
    return SettleResponse.refunded(
        network, payer, refund.transaction(), refund.amount(), state(refund.channel()));
  }

  public SettleResponse failed(Address payer, Denial.Declined declined) {
    return SettleResponse.failed(network, Optional.of(payer), declined.error());
  }

  static ChannelState state(ChannelView channel) {
    return new ChannelState(
        channel.channelId(),
        channel.balance(),
        channel.claimed(),
        channel.withdrawRequestedAt(),
        channel.refundNonce(),
        channel.charged());
  }
}
