package millrace.protocol.x402;

import java.math.BigInteger;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import millrace.protocol.type.Address;
import millrace.protocol.type.Amount;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/// The members of one JSON object, read into domain types. The first that is missing or wrong ends
/// the reading; [Json#parse] turns that into a value.
///
/// @param path where the object stands, for the detail of an error
/// @param error what a wrong member means, unless its reader says otherwise
record Fields(ObjectNode node, String path, X402Error error) {
  private static final int UINT256_DIGITS = 78;

  static Fields of(JsonNode root) {
    return of(root, "", X402Error.INVALID_PAYLOAD);
  }

  private static Fields of(JsonNode node, String path, X402Error error) {
    if (node instanceof ObjectNode object) return new Fields(object, path, error);
    throw new Unreadable(error, path + ": not an object");
  }

  /// The same object, whose wrong members mean something more exact.
  Fields or(X402Error other) {
    return new Fields(node, path, other);
  }

  /// An optional member that is `null` is one that is not there.
  boolean has(String name) {
    return node.hasNonNull(name);
  }

  String text(String name) {
    var value = required(name);
    if (!value.isString()) throw wrong(name, "not a string");
    return value.stringValue();
  }

  Optional<String> optionalText(String name) {
    return has(name) ? Optional.of(text(name)) : Optional.empty();
  }

  boolean flag(String name) {
    var value = required(name);
    if (!value.isBoolean()) throw wrong(name, "not a boolean");
    return value.booleanValue();
  }

  /// A number that is a whole one and not negative.
  long count(String name) {
    var value = required(name);
    if (!value.isIntegralNumber() || !value.canConvertToLong() || value.longValue() < 0) {
      throw wrong(name, "not a whole number from 0");
    }
    return value.longValue();
  }

  Amount amount(String name) {
    return as(name, Amount::of);
  }

  Optional<Amount> optionalAmount(String name) {
    return has(name) ? Optional.of(amount(name)) : Optional.empty();
  }

  Address address(String name) {
    return as(name, Address::of);
  }

  /// A decimal string, at most uint256.
  BigInteger uint256(String name) {
    return as(name, Fields::uint256Of);
  }

  /// A string in the form that `reader` accepts; it says no by `IllegalArgumentException`.
  <T> T as(String name, Function<String, T> reader) {
    String text = text(name);
    try {
      return reader.apply(text);
    } catch (IllegalArgumentException wrongForm) {
      throw wrong(name, wrongForm.getClass() == NumberFormatException.class ? "not hex" : "form");
    }
  }

  Fields object(String name) {
    return of(required(name), path + "/" + name, error);
  }

  Optional<Fields> optionalObject(String name) {
    return has(name) ? Optional.of(object(name)) : Optional.empty();
  }

  List<Fields> objects(String name) {
    var value = required(name);
    if (!value.isArray()) throw wrong(name, "not an array");
    return value.valueStream().map(element -> of(element, path + "/" + name, error)).toList();
  }

  /// Members beside the named ones, as JSON text, so that what is not understood can be passed on.
  Map<String, String> others(Set<String> known) {
    Map<String, String> others = new LinkedHashMap<>();
    for (var member : node.properties()) {
      if (!known.contains(member.getKey())) {
        others.put(member.getKey(), Json.write(member.getValue()));
      }
    }
    return others;
  }

  Unreadable wrong(String name, String why) {
    return new Unreadable(error, path + "/" + name + ": " + why);
  }

  private JsonNode required(String name) {
    @Nullable JsonNode value = node.get(name);
    if (value == null) throw wrong(name, "missing");
    return value;
  }

  private static BigInteger uint256Of(String decimal) {
    if (decimal.isEmpty() || decimal.length() > UINT256_DIGITS) {
      throw new IllegalArgumentException("not 1 to 78 digits");
    }
    if (!decimal.chars().allMatch(digit -> digit >= '0' && digit <= '9')) {
      throw new IllegalArgumentException("not decimal");
    }
    var value = new BigInteger(decimal);
    if (value.bitLength() > 256) throw new IllegalArgumentException("above uint256");
    return value;
  }

  /// Ends a reading; never leaves [Json#parse].
  static final class Unreadable extends RuntimeException {
    private final X402Error error;
    private final String detail;

    Unreadable(X402Error error, String detail) {
      super(detail, null, false, false);
      this.error = error;
      this.detail = detail;
    }

    X402Error error() {
      return error;
    }

    String detail() {
      return detail;
    }
  }
}
