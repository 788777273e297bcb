package millrace.channel.payment;

import java.time.Instant;
import java.util.Optional;
import java.util.OptionalLong;
import millrace.channel.payment.Checked.Asked;
import millrace.channel.payment.Checked.IdempotencyKey;
import millrace.messaging.command.ChannelView;
import millrace.messaging.command.PaymentOutcome.Taken;
import millrace.messaging.command.PaymentStatus;
import millrace.messaging.command.PaymentView;
import millrace.protocol.channel.Effect;
import millrace.protocol.type.Address;
import millrace.protocol.type.Amount;
import millrace.protocol.type.ChannelId;
import millrace.protocol.type.MerchantId;
import millrace.protocol.type.PaymentId;

/// A payment in the journal.
///
/// @param amount the price while reserved or held, then what the merchant got
/// @param sequence of the charge within its channel
/// @param view the channel as the payer was told
/// @param fromCredit what of the price the payer's credit paid
/// @param heldUntil how long the merchant may capture it, if it was held
/// @param fee what of the amount the hub keeps
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
    ChannelView view,
    Amount fromCredit,
    Optional<Instant> heldUntil,
    Amount fee) {

  static PaymentRow charged(
      Asked asked, Effect.Charged charged, Amount fee, ChannelView view, Instant at) {
    return reserved(asked, Optional.empty(), view, at).charged(charged, fee, view, at);
  }

  static PaymentRow held(
      Asked asked, Amount fromCredit, Instant until, ChannelView view, Instant at) {
    return reserved(asked, Optional.empty(), view, at)
        .with(PaymentStatus.HELD, fromCredit, Optional.of(until));
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
        view,
        Amount.ZERO,
        Optional.empty(),
        Amount.ZERO);
  }

  private PaymentRow with(
      PaymentStatus newStatus, Amount newFromCredit, Optional<Instant> newHeldUntil) {
    return new PaymentRow(
        id,
        channelId,
        merchantId,
        newStatus,
        sequence,
        price,
        amount,
        ceiling,
        idempotencyKey,
        fingerprint,
        resource,
        expiresAt,
        createdAt,
        chargedAt,
        releasedAt,
        view,
        newFromCredit,
        newHeldUntil,
        fee);
  }

  PaymentRow charged(Effect.Charged charged, Amount newFee, ChannelView newView, Instant at) {
    return new PaymentRow(
        id,
        channelId,
        merchantId,
        PaymentStatus.CHARGED,
        OptionalLong.of(charged.sequence()),
        price,
        charged.amount(),
        ceiling,
        idempotencyKey,
        fingerprint,
        resource,
        expiresAt,
        createdAt,
        Optional.of(at),
        Optional.empty(),
        newView,
        charged.fromCredit(),
        Optional.empty(),
        newFee);
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
        newView,
        Amount.ZERO,
        Optional.empty(),
        Amount.ZERO);
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
    return taken(false);
  }

  Taken replayed() {
    return taken(true);
  }

  /// Of a hold it is said how it began, also when it has ended: that is what the payer was told.
  private Taken taken(boolean replayed) {
    var paid = Optional.of(fromCredit).filter(credit -> !credit.isZero());
    return heldUntil.isPresent()
        ? new Taken(id, PaymentStatus.HELD, price, view, replayed, paid, heldUntil)
        : new Taken(id, status, amount, view, replayed, paid, Optional.empty());
  }

  PaymentView view(Address token, boolean guarded) {
    return new PaymentView(
        id, merchantId, channelId, token, amount, status, resource, guarded, createdAt, heldUntil);
  }
}
