package millrace.gateway.webhook;

import java.time.Instant;
import java.util.Optional;
import millrace.protocol.type.Ulid;
import org.jspecify.annotations.Nullable;

/// A stretch of time, from the first instant up to before the second, as ids: they begin with the
/// time.
record Span(Optional<Instant> from, Optional<Instant> to) {
  static final Span ALL = new Span(Optional.empty(), Optional.empty());

  /// Ids hold no later time; nothing of ours was before the epoch.
  private static final Instant LAST = Instant.parse("9999-12-31T00:00:00Z");

  private static final byte[] LEAST = new byte[Ulid.RANDOM_BYTES];

  static Span of(@Nullable Instant from, @Nullable Instant to) {
    return new Span(Optional.ofNullable(from), Optional.ofNullable(to));
  }

  String fromId() {
    return Notice.PREFIX + from.map(Span::first).orElse("");
  }

  String toId() {
    return Notice.PREFIX + to.map(Span::first).orElse("z".repeat(26));
  }

  private static String first(Instant at) {
    var bounded = at.isBefore(Instant.EPOCH) ? Instant.EPOCH : at.isAfter(LAST) ? LAST : at;
    return Ulid.of(bounded, LEAST);
  }
}
