package millrace.messaging.command;

import java.time.Instant;
import java.util.Optional;
import millrace.protocol.type.Address;
import millrace.protocol.type.Amount;
import millrace.protocol.type.Bytes32;
import millrace.protocol.type.MerchantId;
import millrace.protocol.type.PayoutId;

/// A payout as it stands, from `GET /internal/payouts/{id}` and
/// `GET /internal/merchants/{id}/payouts`, which takes a [ListQuery].
public record PayoutView(
    PayoutId id,
    MerchantId merchantId,
    Address payee,
    Address token,
    Amount amount,
    PayoutStatus status,
    Optional<Bytes32> transaction,
    Instant createdAt) {
  /// PENDING becomes PAID, FAILED or CANCELED; the amount of one that is not paid is back in the
  /// balance.
  public enum PayoutStatus {
    PENDING,
    PAID,
    FAILED,
    CANCELED
  }
}
