package millrace.gateway.stream;

import java.util.Optional;
import java.util.regex.Pattern;
import millrace.gateway.problem.Problem;
import millrace.gateway.problem.ProblemCode;
import org.jspecify.annotations.Nullable;

/// Reads where a client wants to go on.
final class Cursors {
  static final String HEADER = "Last-Event-ID";
  static final String PARAMETER = "after";

  private static final Pattern FORM = Pattern.compile("[\\x21-\\x7e]{1,1024}");

  private Cursors() {}

  /// The header goes first: a browser that reconnects sends it with the address it began with. An
  /// empty one is none: that is what a browser sends before its first event.
  static Optional<String> read(@Nullable String header, @Nullable String parameter) {
    if (header != null && !header.isEmpty()) return Optional.of(checked(header, HEADER));
    return Optional.ofNullable(parameter).map(text -> checked(text, PARAMETER));
  }

  private static String checked(String cursor, String source) {
    if (FORM.matcher(cursor).matches()) return cursor;
    throw Problem.of(ProblemCode.INVALID_REQUEST, "Send the id of an event as it came.")
        .about(source)
        .asException();
  }
}
