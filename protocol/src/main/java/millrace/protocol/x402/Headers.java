package millrace.protocol.x402;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.CodingErrorAction;
import java.util.Base64;
import java.util.function.Function;

/// JSON as it travels in a header: base64 of the standard alphabet, padded.
public final class Headers {
  public static final String PAYMENT_REQUIRED = "PAYMENT-REQUIRED";
  public static final String PAYMENT_SIGNATURE = "PAYMENT-SIGNATURE";
  public static final String PAYMENT_RESPONSE = "PAYMENT-RESPONSE";

  /// Longer header text is refused before it is decoded.
  public static final int MAX_CHARS = Json.MAX_CHARS;

  private Headers() {}

  static String encode(String json) {
    return Base64.getEncoder().encodeToString(json.getBytes(UTF_8));
  }

  static <T> Parsed<T> decode(String header, Function<String, Parsed<T>> reader) {
    if (header.length() > MAX_CHARS) return malformed("header: too long");
    if (header.length() % 4 != 0) return malformed("header: not padded base64");
    try {
      var bytes = ByteBuffer.wrap(Base64.getDecoder().decode(header));
      var utf8 =
          UTF_8
              .newDecoder()
              .onMalformedInput(CodingErrorAction.REPORT)
              .onUnmappableCharacter(CodingErrorAction.REPORT);
      return reader.apply(utf8.decode(bytes).toString());
    } catch (IllegalArgumentException notBase64) {
      return malformed("header: not base64");
    } catch (CharacterCodingException notUtf8) {
      return malformed("header: not UTF-8");
    }
  }

  private static <T> Parsed<T> malformed(String detail) {
    return new Parsed.Malformed<>(X402Error.INVALID_PAYLOAD, detail);
  }
}
