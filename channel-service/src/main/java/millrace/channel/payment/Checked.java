package millrace.channel.payment;

import java.time.Instant;
import java.util.Optional;
import millrace.messaging.command.PaymentCommand.Capture;
import millrace.messaging.command.PaymentCommand.Release;
import millrace.messaging.command.PaymentRequest;
import millrace.messaging.command.RefusalReason;
import millrace.protocol.channel.VerifiedVoucher;
import millrace.protocol.type.ChannelId;
import millrace.protocol.type.MerchantId;

/// A command after everything that can be checked without the channel.
sealed interface Checked {
  /// Refused before anyone looked at the channel, so the answer tells nothing of it.
  record Denied(RefusalReason reason) implements Checked {}

  /// A new payment whose voucher is genuine.
  ///
  /// @param expiresAt of the reservation or hold asked for; empty to charge for good
  /// @param manual whether it is a hold, which is charged and captured by the merchant later
  record Asked(
      PaymentRequest request, VerifiedVoucher voucher, Optional<Instant> expiresAt, boolean manual)
      implements Checked {
    ChannelId channelId() {
      return voucher.channelId();
    }

    IdempotencyKey key() {
      return new IdempotencyKey(request.merchantId(), request.idempotencyKey());
    }
  }

  record ToCapture(Capture command) implements Checked {}

  record ToRelease(Release command) implements Checked {}

  /// What makes two requests of a merchant the same one.
  record IdempotencyKey(MerchantId merchantId, String idempotencyKey) {}
}
