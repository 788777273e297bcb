package millrace.gateway.problem;

import java.util.Collection;
import java.util.Comparator;
import java.util.Locale;
import java.util.Objects;
import java.util.Optional;
import java.util.function.Function;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.exc.MismatchedInputException;
import tools.jackson.databind.exc.UnrecognizedPropertyException;
import tools.jackson.databind.exc.ValueInstantiationException;

/// What is wrong with JSON that somebody sent, in the same words wherever it was read.
public final class BodyFault {
  private static final Pattern UPPER = Pattern.compile("[A-Z]");

  private BodyFault() {}

  /// Why it could not be read.
  public static Problem of(Throwable unreadable) {
    return ownWords(unreadable).orElseGet(() -> inOurWords(unreadable));
  }

  /// A type that knows better than its reader what is wrong with it.
  private static Optional<Problem> ownWords(Throwable unreadable) {
    return Stream.iterate(unreadable, Objects::nonNull, Throwable::getCause)
        .filter(ProblemException.class::isInstance)
        .map(cause -> ((ProblemException) cause).problem())
        .findFirst();
  }

  private static Problem inOurWords(Throwable unreadable) {
    for (var cause = Optional.of(unreadable);
        cause.isPresent();
        cause = cause.map(Throwable::getCause)) {
      switch (cause.get()) {
        case UnrecognizedPropertyException unknown -> {
          var path = path(unknown);
          return Problem.of(ProblemCode.UNKNOWN_FIELD, "Nothing here is called " + path + ".")
              .about(path);
        }
        case MismatchedInputException mismatch when !mismatch.getPath().isEmpty() -> {
          var path = path(mismatch);
          return Problem.of(
                  ProblemCode.INVALID_REQUEST, path + " " + Form.of(mismatch.getTargetType()) + ".")
              .about(path);
        }
        case ValueInstantiationException word when !word.getPath().isEmpty() -> {
          var path = path(word);
          var form = Form.of(word.getType() == null ? null : word.getType().getRawClass());
          return Problem.of(ProblemCode.INVALID_REQUEST, path + " " + form + ".").about(path);
        }
        default -> {
          // The reason may lie deeper.
        }
      }
    }
    return notOneObject();
  }

  public static Problem notOneObject() {
    return Problem.of(ProblemCode.INVALID_JSON, "Send one JSON object, with each field once.");
  }

  /// What breaks a rule, of several the first by name, so that equal bodies get equal answers.
  public static <T> Problem first(
      Collection<T> faults, Function<T, String> field, Function<T, String> message) {
    var first = faults.stream().min(Comparator.comparing(field).thenComparing(message));
    var name =
        first
            .map(field)
            .map(path -> UPPER.matcher(path).replaceAll("_$0").toLowerCase(Locale.ROOT))
            .orElseThrow();
    return Problem.of(
            ProblemCode.INVALID_REQUEST, name + " " + first.map(message).orElseThrow() + ".")
        .about(name);
  }

  /// As validation writes it: `payout_schedule.amount`, `scopes[0]`.
  private static String path(JacksonException where) {
    var path = new StringBuilder();
    for (var step : where.getPath()) {
      if (step.getPropertyName() == null) {
        path.append('[').append(step.getIndex()).append(']');
      } else {
        if (!path.isEmpty()) path.append('.');
        path.append(step.getPropertyName());
      }
    }
    return path.toString();
  }
}
