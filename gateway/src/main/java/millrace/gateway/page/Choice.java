package millrace.gateway.page;

import java.util.Arrays;
import java.util.Locale;
import java.util.Optional;
import java.util.stream.Collectors;
import millrace.gateway.problem.Problem;
import millrace.gateway.problem.ProblemCode;
import org.jspecify.annotations.Nullable;

/// One of a few words that a list is filtered by.
public final class Choice {
  private Choice() {}

  /// @param text null where nobody chose
  public static <E extends Enum<E>> Optional<E> of(
      Class<E> words, String field, @Nullable String text) {
    if (text == null) return Optional.empty();
    var found = Arrays.stream(words.getEnumConstants()).filter(it -> word(it).equals(text));
    return Optional.of(found.findFirst().orElseThrow(() -> wrong(words, field)));
  }

  /// As it stands in the API.
  public static String word(Enum<?> one) {
    return one.name().toLowerCase(Locale.ROOT);
  }

  private static RuntimeException wrong(Class<? extends Enum<?>> words, String field) {
    var all =
        Arrays.stream(words.getEnumConstants()).map(Choice::word).collect(Collectors.joining(", "));
    return Problem.of(ProblemCode.INVALID_REQUEST, field + " is one of " + all + ".")
        .about(field)
        .asException();
  }
}
