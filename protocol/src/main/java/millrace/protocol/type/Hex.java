package millrace.protocol.type;

import java.util.HexFormat;

/// `0x`-prefixed hexadecimal, lower case when written, either case when read.
public final class Hex {
  private static final HexFormat FORMAT = HexFormat.of();

  private Hex() {}

  public static String encode(byte[] bytes) {
    return "0x" + FORMAT.formatHex(bytes);
  }

  /// @throws IllegalArgumentException when the text is not `0x` and an even number of hex digits
  public static byte[] decode(String text) {
    if (!text.startsWith("0x")) throw new IllegalArgumentException("hex must start with 0x");
    return FORMAT.parseHex(text, 2, text.length());
  }

  static byte[] decode(String text, int length, String what) {
    if (text.length() != 2 + 2 * length) {
      throw new IllegalArgumentException(what + " must have " + length + " bytes");
    }
    return decode(text);
  }
}
