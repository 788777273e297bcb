package millrace.gateway.page;

import java.time.Duration;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.Optional;
import millrace.protocol.type.Ulid;
import org.jspecify.annotations.Nullable;

/// A stretch of time, from the first instant up to before the second. Ids begin with the time, so
/// it is also a range of ids.
public record Period(Optional<Instant> from, Optional<Instant> to) {
  public static final Period ALL = new Period(Optional.empty(), Optional.empty());

  /// Ids and PostgreSQL's times hold none beyond these; nothing of ours was before the epoch.
  private static final Instant LAST = Instant.parse("9999-12-31T00:00:00Z");

  private static final byte[] LEAST = new byte[Ulid.RANDOM_BYTES];

  public Period {
    from = from.map(Period::bounded);
    to = to.map(Period::bounded);
  }

  public static Period of(@Nullable Instant from, @Nullable Instant to) {
    return new Period(Optional.ofNullable(from), Optional.ofNullable(to));
  }

  /// For ids that were made up to so long before, or after, what they name was recorded.
  public Period widened(Duration slack) {
    return new Period(from.map(at -> at.minus(slack)), to.map(at -> at.plus(slack)));
  }

  public boolean contains(Instant at) {
    return from.map(first -> !at.isBefore(first)).orElse(true) && to.map(at::isBefore).orElse(true);
  }

  public String fromId(String prefix) {
    return prefix + from.map(Period::first).orElse("");
  }

  public String toId(String prefix) {
    return prefix + to.map(Period::first).orElse("z".repeat(26));
  }

  /// For a query that wants both ends.
  public OffsetDateTime fromTime() {
    return from.orElse(Instant.EPOCH).atOffset(ZoneOffset.UTC);
  }

  public OffsetDateTime toTime() {
    return to.orElse(LAST).atOffset(ZoneOffset.UTC);
  }

  private static Instant bounded(Instant at) {
    return at.isBefore(Instant.EPOCH) ? Instant.EPOCH : at.isAfter(LAST) ? LAST : at;
  }

  private static String first(Instant at) {
    return Ulid.of(at, LEAST);
  }
}
