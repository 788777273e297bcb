package millrace.gateway.problem;

import java.time.Instant;
import java.util.Arrays;
import java.util.Collection;
import java.util.Map;
import java.util.stream.Collectors;
import millrace.protocol.type.Address;
import millrace.protocol.type.Amount;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.json.JsonMapper;

/// What a value must look like, in words for whoever sent another one.
final class Form {
  private static final JsonMapper JSON = JsonMapper.shared();

  private Form() {}

  /// @param type that the value could not become; null where nobody knows
  static String of(@Nullable Class<?> type) {
    if (type == null) return "has the wrong form";
    if (type == Amount.class) return "must be a decimal string of base units, at most uint128";
    if (type == Address.class) return "must be 0x and 40 hex digits";
    if (type == Instant.class) return "must be a time like 2026-11-29T12:00:00Z (RFC 3339)";
    if (type == String.class) return "must be a text, without NUL";
    if (type == Boolean.class || type == boolean.class) return "must be true or false";
    if (isWhole(type)) return "must be a whole number";
    if (type.isEnum()) return "must be one of " + words(type);
    if (Collection.class.isAssignableFrom(type)) return "must be a list";
    if (Map.class.isAssignableFrom(type) || type.isRecord()) return "must be an object";
    return "has the wrong form";
  }

  private static boolean isWhole(Class<?> type) {
    return type == Integer.class || type == int.class || type == Long.class || type == long.class;
  }

  /// As they stand in the API.
  private static String words(Class<?> type) {
    return Arrays.stream(type.getEnumConstants())
        .map(word -> JSON.convertValue(word, String.class))
        .collect(Collectors.joining(", "));
  }
}
