package millrace.messaging.command;

import java.time.Instant;
import java.util.Optional;
import millrace.messaging.event.GiveBackFailure;
import millrace.messaging.event.GiveBackMethod;
import millrace.protocol.type.Address;
import millrace.protocol.type.Amount;
import millrace.protocol.type.Bytes32;
import millrace.protocol.type.ChannelId;
import millrace.protocol.type.MerchantId;
import millrace.protocol.type.PaymentId;
import millrace.protocol.type.RefundId;

/// A merchant's refund as it stands, from `GET /internal/give-backs/{id}` and
/// `GET /internal/merchants/{id}/give-backs`, which takes a [ListQuery].
///
/// @param method absent: as credit
/// @param transaction that sent it on chain, once it is final
/// @param failure why it failed
public record GiveBackView(
    RefundId id,
    MerchantId merchantId,
    PaymentId paymentId,
    ChannelId channelId,
    Address token,
    Amount amount,
    GiveBackStatus status,
    Instant createdAt,
    Optional<GiveBackMethod> method,
    Optional<Bytes32> transaction,
    Optional<GiveBackFailure> failure) {
  /// One as credit, which has not failed.
  public GiveBackView(
      RefundId id,
      MerchantId merchantId,
      PaymentId paymentId,
      ChannelId channelId,
      Address token,
      Amount amount,
      GiveBackStatus status,
      Instant createdAt) {
    this(
        id,
        merchantId,
        paymentId,
        channelId,
        token,
        amount,
        status,
        createdAt,
        Optional.empty(),
        Optional.empty(),
        Optional.empty());
  }

  public boolean leavesOnChain() {
    return method.filter(GiveBackMethod.ON_CHAIN::equals).isPresent();
  }

  /// PENDING becomes SUCCEEDED or FAILED; what failed is back in the merchant's balance.
  public enum GiveBackStatus {
    PENDING,
    SUCCEEDED,
    FAILED
  }
}
