package millrace.gateway.merchant;

import java.nio.charset.StandardCharsets;
import java.util.Locale;
import millrace.gateway.problem.Problem;
import millrace.gateway.problem.ProblemCode;
import millrace.protocol.eip712.Keccak;
import millrace.protocol.type.Address;
import tools.jackson.core.JsonParser;
import tools.jackson.core.JsonToken;
import tools.jackson.databind.DeserializationContext;
import tools.jackson.databind.deser.std.StdDeserializer;

/// An address that somebody typed or copied, and that money will be sent to. The capitals in it are
/// a checksum (EIP-55), so a wrong digit shows. One in small letters only has none.
final class TypedAddress extends StdDeserializer<Address> {
  TypedAddress() {
    super(Address.class);
  }

  @Override
  public Address deserialize(JsonParser json, DeserializationContext context) {
    if (json.currentToken() != JsonToken.VALUE_STRING) {
      return (Address) context.handleUnexpectedToken(context.constructType(Address.class), json);
    }
    var text = json.getString();
    Address address;
    try {
      address = Address.of(text);
    } catch (IllegalArgumentException notOne) {
      throw context.weirdStringException(text, Address.class, "not an address");
    }
    if (isMistyped(text)) {
      var field = json.currentName();
      throw Problem.of(
              ProblemCode.INVALID_REQUEST,
              field + " is mistyped: its capitals, a checksum by EIP-55, do not fit its digits.")
          .about(field)
          .asException();
    }
    return address;
  }

  /// @param text `0x` and 40 hex digits
  static boolean isMistyped(String text) {
    var digits = text.substring(2);
    var small = digits.toLowerCase(Locale.ROOT);
    if (digits.equals(small)) return false;
    byte[] hash = Keccak.hash(small.getBytes(StandardCharsets.US_ASCII));
    for (int i = 0; i < digits.length(); i++) {
      int nibble = (i % 2 == 0 ? hash[i / 2] >> 4 : hash[i / 2]) & 0xf;
      boolean capital = Character.isUpperCase(digits.charAt(i));
      if (Character.isLetter(small.charAt(i)) && capital != nibble >= 8) return true;
    }
    return false;
  }
}
