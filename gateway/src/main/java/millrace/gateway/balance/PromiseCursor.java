package millrace.gateway.balance;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import millrace.messaging.event.SettlementEvent.PromiseIssued;

/// Which promises a client holds: a mark of each. A promise covers all before it, so there is no
/// history to go through; and a hub whose database is an older one sees that the marks are of
/// promises that it does not know, and sends what it has.
record PromiseCursor(Set<String> marks) {
  static final PromiseCursor NONE = new PromiseCursor(Set.of());

  private static final int MARK_BYTES = 8;
  private static final String BETWEEN = "-";

  PromiseCursor {
    marks = java.util.Collections.unmodifiableSet(new LinkedHashSet<>(marks));
  }

  static PromiseCursor of(Optional<String> text) {
    return text.map(it -> new PromiseCursor(new LinkedHashSet<>(Arrays.asList(it.split(BETWEEN)))))
        .orElse(NONE);
  }

  boolean has(PromiseIssued promise) {
    return marks.contains(mark(promise));
  }

  PromiseCursor with(PromiseIssued promise) {
    var more = new LinkedHashSet<>(marks);
    more.add(mark(promise));
    return new PromiseCursor(more);
  }

  /// Without marks of what there is something newer for.
  PromiseCursor within(List<PromiseIssued> newest) {
    var known = newest.stream().map(PromiseCursor::mark).collect(Collectors.toSet());
    return new PromiseCursor(
        marks.stream()
            .filter(known::contains)
            .collect(Collectors.toCollection(LinkedHashSet::new)));
  }

  @Override
  public String toString() {
    return String.join(BETWEEN, marks);
  }

  private static String mark(PromiseIssued promise) {
    var text =
        "%s %s %s %s"
            .formatted(promise.payee(), promise.token(), promise.cumulative(), promise.signature());
    try {
      byte[] hash =
          MessageDigest.getInstance("SHA-256").digest(text.getBytes(StandardCharsets.US_ASCII));
      return HexFormat.of().formatHex(hash, 0, MARK_BYTES);
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException(e);
    }
  }
}
