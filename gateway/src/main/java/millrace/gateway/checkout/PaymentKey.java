package millrace.gateway.checkout;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import millrace.protocol.type.Amount;
import millrace.protocol.type.MerchantId;
import millrace.protocol.x402.PaymentIdentifier;
import millrace.protocol.x402.PaymentPayload;

/// By what a repeat is recognised. The prefix keeps keys of different origin apart, so that a payer
/// cannot name a key of the merchant's.
///
/// @param fingerprint of what was asked for: the same key for something else is refused
public record PaymentKey(String key, String fingerprint) {
  /// The merchant named the payment.
  public static PaymentKey ofMerchant(
      String idempotencyKey, PaymentPayload payment, Amount price, byte[] request) {
    var voucher = payment.voucher().voucher();
    return new PaymentKey(
        "key:" + hash(idempotencyKey),
        hash(price.toString(), voucher.channelId().toString(), voucher.ceiling().toString())
            + hash(request));
  }

  /// The payer named the payment, or else its voucher and the request do. The payer's name counts
  /// within its channel only: another payer may have chosen the same.
  public static PaymentKey ofPayer(
      PaymentPayload payment, MerchantId merchant, Amount price, byte[] request) {
    var voucher = payment.voucher().voucher();
    var channel = voucher.channelId().toString();
    var fingerprint = hash(merchant.value(), price.toString(), hash(request));
    return payment
        .extensions()
        .id()
        .map(PaymentIdentifier::value)
        .map(id -> new PaymentKey("id:" + hash(channel, id), fingerprint))
        .orElseGet(
            () ->
                new PaymentKey(
                    "auto:" + hash(channel, voucher.ceiling().toString(), fingerprint),
                    fingerprint));
  }

  private static String hash(String... parts) {
    var digest = sha256();
    for (var part : parts) {
      byte[] bytes = part.getBytes(StandardCharsets.UTF_8);
      digest.update(ByteBuffer.allocate(Integer.BYTES).putInt(bytes.length).array());
      digest.update(bytes);
    }
    return HexFormat.of().formatHex(digest.digest());
  }

  private static String hash(byte[] bytes) {
    return HexFormat.of().formatHex(sha256().digest(bytes));
  }

  private static MessageDigest sha256() {
    try {
      return MessageDigest.getInstance("SHA-256");
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException(e);
    }
  }
}
