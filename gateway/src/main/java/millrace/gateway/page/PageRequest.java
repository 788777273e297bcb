package millrace.gateway.page;

import java.util.regex.Pattern;
import millrace.gateway.problem.Problem;
import millrace.gateway.problem.ProblemCode;
import org.jspecify.annotations.Nullable;

/// Which part of a list is asked for. Ids sort by time, so an id is all that a cursor needs; one
/// that is gone, or was never there, still says where to go on.
///
/// @param before ids that sort below it are asked for
public record PageRequest(int limit, String before) {
  public static final int MAX_LIMIT = 100;
  private static final int DEFAULT_LIMIT = 20;

  /// Made of the characters of ids only, so that every collation agrees where it sorts.
  private static final String AFTER_ALL = "z".repeat(26);

  private static final Pattern ID = Pattern.compile("[a-z]{2,4}_[0-9a-z]{26}");

  /// @param prefix of the ids in the list
  public static PageRequest of(
      String prefix, @Nullable Integer limit, @Nullable String startingAfter) {
    int size = limit == null ? DEFAULT_LIMIT : limit;
    if (size < 1 || size > MAX_LIMIT) {
      throw Problem.of(ProblemCode.INVALID_REQUEST, "limit is from 1 to " + MAX_LIMIT + ".")
          .about("limit")
          .asException();
    }
    if (startingAfter != null
        && !(startingAfter.startsWith(prefix) && ID.matcher(startingAfter).matches())) {
      throw Problem.of(
              ProblemCode.INVALID_REQUEST, "starting_after is an id that begins with " + prefix)
          .about("starting_after")
          .asException();
    }
    return new PageRequest(size, startingAfter == null ? prefix + AFTER_ALL : startingAfter);
  }

  public int limitAndOne() {
    return limit + 1;
  }
}
