package millrace.gateway.webhook;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Instant;
import java.util.HexFormat;
import java.util.UUID;
import java.util.function.Supplier;
import millrace.protocol.type.MerchantId;

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
  private static final int ID_BYTES = 16;

  static String id(UUID event, MerchantId merchant, EventType type) {
    try {
      var text = event + " " + merchant + " " + type.wire();
      byte[] hash =
          MessageDigest.getInstance("SHA-256").digest(text.getBytes(StandardCharsets.UTF_8));
      return "evt_" + HexFormat.of().formatHex(hash, 0, ID_BYTES);
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException(e);
    }
  }
}
