package millrace.embedded;

import java.math.BigInteger;
import tools.jackson.databind.JsonNode;

/// Numbers as JSON-RPC writes them.
final class Quantity {
  private Quantity() {}

  static String of(long number) {
    return "0x" + Long.toHexString(number);
  }

  static String of(BigInteger number) {
    return "0x" + number.toString(16);
  }

  static BigInteger read(JsonNode node) {
    return new BigInteger(node.asString().substring(2), 16);
  }
}
