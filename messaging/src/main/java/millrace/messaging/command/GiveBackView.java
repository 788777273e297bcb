package millrace.messaging.command;

import java.time.Instant;
import millrace.protocol.type.Address;
import millrace.protocol.type.Amount;
import millrace.protocol.type.ChannelId;
import millrace.protocol.type.MerchantId;
import millrace.protocol.type.PaymentId;
import millrace.protocol.type.RefundId;

/// A merchant's refund as it stands, from `GET /internal/give-backs/{id}` and
/// `GET /internal/merchants/{id}/give-backs`, which takes a [ListQuery].
public record GiveBackView(
    RefundId id,
    MerchantId merchantId,
    PaymentId paymentId,
    ChannelId channelId,
    Address token,
    Amount amount,
    GiveBackStatus status,
    Instant createdAt) {
  /// PENDING becomes SUCCEEDED or FAILED; what failed is back in the merchant's balance.
  public enum GiveBackStatus {
    PENDING,
    SUCCEEDED,
    FAILED
  }
}
