package millrace.channel.payout;

import java.time.Instant;
import java.util.Optional;
import millrace.messaging.command.PayoutCommand;
import millrace.messaging.command.PayoutView;
import millrace.messaging.command.PayoutView.PayoutStatus;
import millrace.protocol.type.Address;
import millrace.protocol.type.Amount;
import millrace.protocol.type.Bytes32;
import millrace.protocol.type.MerchantId;
import millrace.protocol.type.PayoutId;

/// A payout as it is stored.
record PayoutRow(
    PayoutId id,
    MerchantId merchantId,
    Address payee,
    Amount amount,
    PayoutStatus status,
    String idempotencyKey,
    String fingerprint,
    Optional<Bytes32> transaction,
    Instant createdAt,
    Cancellation cancellation) {
  enum Cancellation {
    NOT_ASKED,
    ASKED,
    REFUSED
  }

  static PayoutRow pending(PayoutCommand command, Amount amount, Instant at) {
    return new PayoutRow(
        command.id(),
        command.merchantId(),
        command.payee(),
        amount,
        PayoutStatus.PENDING,
        command.idempotencyKey(),
        command.fingerprint(),
        Optional.empty(),
        at,
        Cancellation.NOT_ASKED);
  }

  /// Whether nobody has asked for it back, and it is under way.
  boolean canBeCanceled() {
    return status == PayoutStatus.PENDING && cancellation == Cancellation.NOT_ASKED;
  }

  /// Whether nothing more will come of a cancellation.
  boolean isDecided() {
    return status != PayoutStatus.PENDING || cancellation == Cancellation.REFUSED;
  }

  boolean isSameAs(PayoutCommand command) {
    return merchantId.equals(command.merchantId())
        && idempotencyKey.equals(command.idempotencyKey())
        && fingerprint.equals(command.fingerprint());
  }

  PayoutView view(Address token) {
    return new PayoutView(id, merchantId, payee, token, amount, status, transaction, createdAt);
  }
}
