package millrace.gateway.page;

import java.util.Optional;
import java.util.function.Function;
import java.util.regex.Pattern;
import millrace.gateway.problem.Problem;
import millrace.gateway.problem.ProblemCode;
import millrace.protocol.type.Address;
import millrace.protocol.type.ChannelId;
import org.jspecify.annotations.Nullable;

/// What a list is narrowed by, as a query says it: a domain type, or a problem that names the
// field.
public final class Wanted {
  private static final Pattern ACTOR = Pattern.compile("operator|key_[0-9a-z]{26}");

  private Wanted() {}

  /// @param text null where nobody asked
  public static Optional<ChannelId> channel(String field, @Nullable String text) {
    return parsed(field, text, ChannelId::of, "is 0x and 64 hex digits");
  }

  /// @param text null where nobody asked
  public static Optional<Address> address(String field, @Nullable String text) {
    return parsed(field, text, Address::of, "is 0x and 40 hex digits");
  }

  /// Who can do something: a key, by its id, or the operator.
  ///
  /// @param text null where nobody asked
  public static Optional<String> actor(String field, @Nullable String text) {
    return parsed(field, text, Wanted::actor, "is a key's id, or operator");
  }

  private static String actor(String text) {
    if (ACTOR.matcher(text).matches()) return text;
    throw new IllegalArgumentException("nobody");
  }

  private static <T> Optional<T> parsed(
      String field, @Nullable String text, Function<String, T> form, String words) {
    try {
      return Optional.ofNullable(text).map(form);
    } catch (IllegalArgumentException notOne) {
      throw Problem.of(ProblemCode.INVALID_REQUEST, field + " " + words + ".")
          .about(field)
          .asException();
    }
  }
}
