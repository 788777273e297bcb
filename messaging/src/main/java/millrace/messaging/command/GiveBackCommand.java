package millrace.messaging.command;

import java.util.Optional;
import millrace.messaging.event.GiveBackMethod;
import millrace.protocol.type.Address;
import millrace.protocol.type.Amount;
import millrace.protocol.type.MerchantId;
import millrace.protocol.type.PaymentId;
import millrace.protocol.type.RefundId;

/// A merchant's refund, sent to `POST /internal/give-backs?waitMillis=…`; answered by a
/// [GiveBackOutcome].
///
/// @param amount empty for all of the payment that was not given back before
/// @param idempotencyKey unique per merchant
/// @param method absent: as credit
public record GiveBackCommand(
    RefundId id,
    MerchantId merchantId,
    PaymentId paymentId,
    Address payee,
    Optional<Amount> amount,
    String idempotencyKey,
    String fingerprint,
    Optional<GiveBackMethod> method) {
  /// One as credit.
  public GiveBackCommand(
      RefundId id,
      MerchantId merchantId,
      PaymentId paymentId,
      Address payee,
      Optional<Amount> amount,
      String idempotencyKey,
      String fingerprint) {
    this(id, merchantId, paymentId, payee, amount, idempotencyKey, fingerprint, Optional.empty());
  }
}
