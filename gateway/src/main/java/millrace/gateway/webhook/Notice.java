package millrace.gateway.webhook;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Instant;
import java.util.Arrays;
import java.util.UUID;
import java.util.function.Supplier;
import millrace.protocol.type.ChannelId;
import millrace.protocol.type.MerchantId;
import millrace.protocol.type.PaymentId;
import millrace.protocol.type.Ulid;

/// Something that one merchant is to be told.
///
/// @param id the same whenever the event behind it is read, so that a repeat is no second notice
/// @param subject notices of one subject arrive in order
/// @param body as it is signed and sent, at every attempt; made when somebody wants to hear of it
record Notice(
    String id,
    MerchantId merchant,
    EventType type,
    String subject,
    Supplier<String> body,
    Instant at) {
  static final String PREFIX = "evt_";

  /// Sorts by time, as all ids do.
  static String id(UUID event, Instant at, MerchantId merchant, EventType type) {
    return id(event + " " + merchant + " " + type.wire(), at);
  }

  /// Of a state that is told once, whichever event shows it.
  static String id(
      ChannelId channel, long sequence, Instant at, MerchantId merchant, EventType type) {
    return id(channel + " " + sequence + " " + merchant + " " + type.wire(), at);
  }

  private static String id(String text, Instant at) {
    try {
      byte[] hash =
          MessageDigest.getInstance("SHA-256").digest(text.getBytes(StandardCharsets.UTF_8));
      return PREFIX + Ulid.of(at, Arrays.copyOf(hash, Ulid.RANDOM_BYTES));
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException(e);
    }
  }

  /// The event of a payment has its number, so that it can be told from the payment alone: most
  /// merchants never ask, and nothing is stored for those.
  static String id(PaymentId payment) {
    return PREFIX + payment.value().substring("pay_".length());
  }
}
