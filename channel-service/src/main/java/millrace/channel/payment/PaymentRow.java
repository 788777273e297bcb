package millrace.channel.payment;

import java.time.Instant;
import java.util.Optional;
import java.util.OptionalLong;
import millrace.channel.payment.Checked.Asked;
import millrace.channel.payment.Checked.IdempotencyKey;
import millrace.messaging.command.ChannelView;
import millrace.messaging.command.PaymentOutcome.Taken;
import millrace.messaging.command.PaymentStatus;
import millrace.protocol.type.Amount;
import millrace.protocol.type.ChannelId;
import millrace.protocol.type.MerchantId;
import millrace.protocol.type.PaymentId;

/// A payment in the journal.
///
/// @param amount the price while reserved, then what was charged
/// @param sequence of the charge within its channel
/// @param view the channel as the payer was told
record PaymentRow(
    PaymentId id,
    ChannelId channelId,
    MerchantId merchantId,
    PaymentStatus status,
    OptionalLong sequence,
    Amount price,
    Amount amount,
    Amount ceiling,
    String idempotencyKey,
    String fingerprint,
    String resource,
    Optional<Instant> expiresAt,
    Instant createdAt,
    Optional<Instant> chargedAt,
    Optional<Instant> releasedAt,
    ChannelView view) {

  static PaymentRow charged(Asked asked, long sequence, ChannelView view, Instant at) {
    return reserved(asked, Optional.empty(), view, at)
        .charged(asked.request().price(), sequence, view, at);
  }

  static PaymentRow reserved(
      Asked asked, Optional<Instant> expiresAt, ChannelView view, Instant at) {
    var request = asked.request();
    return new PaymentRow(
        request.id(),
        asked.channelId(),
        request.merchantId(),
        PaymentStatus.RESERVED,
        OptionalLong.empty(),
        request.price(),
        request.price(),
        asked.voucher().ceiling(),
        request.idempotencyKey(),
        request.fingerprint(),
        request.resource(),
        expiresAt,
        at,
        Optional.empty(),
        Optional.empty(),
        view);
  }

  PaymentRow charged(Amount captured, long newSequence, ChannelView newView, Instant at) {
    return new PaymentRow(
        id,
        channelId,
        merchantId,
        PaymentStatus.CHARGED,
        OptionalLong.of(newSequence),
        price,
        captured,
        ceiling,
        idempotencyKey,
        fingerprint,
        resource,
        expiresAt,
        createdAt,
        Optional.of(at),
        Optional.empty(),
        newView);
  }

  /// @param how RELEASED or EXPIRED
  PaymentRow ended(PaymentStatus how, ChannelView newView, Instant at) {
    return new PaymentRow(
        id,
        channelId,
        merchantId,
        how,
        OptionalLong.empty(),
        price,
        Amount.ZERO,
        ceiling,
        idempotencyKey,
        fingerprint,
        resource,
        expiresAt,
        createdAt,
        Optional.empty(),
        Optional.of(at),
        newView);
  }

  IdempotencyKey key() {
    return new IdempotencyKey(merchantId, idempotencyKey);
  }

  boolean isSameAs(Asked asked) {
    return key().equals(asked.key())
        && channelId.equals(asked.channelId())
        && fingerprint.equals(asked.request().fingerprint());
  }

  Taken outcome() {
    return new Taken(id, status, amount, view, false);
  }

  Taken replayed() {
    return new Taken(id, status, amount, view, true);
  }
}
