package millrace.gateway.problem;

import java.util.Optional;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/// The caller's own name for a request, so that a repeat of it is no second one.
public record IdempotencyKey(String value) {
  private static final Pattern FORM = Pattern.compile("[\\x21-\\x7e]{1,255}");

  /// Empty when the header is absent.
  public static Optional<IdempotencyKey> of(@Nullable String header) {
    if (header == null) return Optional.empty();
    if (!FORM.matcher(header).matches()) {
      throw Problem.of(
              ProblemCode.INVALID_REQUEST, "Idempotency-Key has 1 to 255 visible characters.")
          .about("Idempotency-Key")
          .asException();
    }
    return Optional.of(new IdempotencyKey(header));
  }

  public static IdempotencyKey required(@Nullable String header) {
    return of(header)
        .orElseThrow(
            () ->
                Problem.of(
                        ProblemCode.IDEMPOTENCY_KEY_REQUIRED,
                        "This moves money: name the request, so that it can be repeated safely.")
                    .about("Idempotency-Key")
                    .asException());
  }
}
