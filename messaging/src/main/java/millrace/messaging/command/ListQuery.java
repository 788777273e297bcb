package millrace.messaging.command;

import java.time.Instant;
import java.util.Optional;

/// Which of a merchant's payouts or refunds are asked for, newest first. Its parts are the
/// parameters of the lists' addresses.
///
/// @param startingAfter an id: those made before it
/// @param status by the name of its constant
/// @param payment of refunds only
/// @param from the first instant
/// @param to the first instant after
public record ListQuery(
    int limit,
    Optional<String> startingAfter,
    Optional<String> status,
    Optional<String> payment,
    Optional<Instant> from,
    Optional<Instant> to) {

  public static ListQuery newest(int limit) {
    return new ListQuery(
        limit,
        Optional.empty(),
        Optional.empty(),
        Optional.empty(),
        Optional.empty(),
        Optional.empty());
  }

  public ListQuery after(Optional<String> id) {
    return new ListQuery(limit, id, status, payment, from, to);
  }

  public ListQuery in(Optional<? extends Enum<?>> wanted) {
    return new ListQuery(limit, startingAfter, wanted.map(Enum::name), payment, from, to);
  }

  public ListQuery of(Optional<String> id) {
    return new ListQuery(limit, startingAfter, status, id, from, to);
  }

  public ListQuery created(Optional<Instant> first, Optional<Instant> before) {
    return new ListQuery(limit, startingAfter, status, payment, first, before);
  }

  /// None of the values has a character that would have to be escaped.
  public String text() {
    return "limit="
        + limit
        + part("startingAfter", startingAfter)
        + part("status", status)
        + part("payment", payment)
        + part("from", from)
        + part("to", to);
  }

  private static String part(String name, Optional<?> value) {
    return value.map(it -> "&" + name + "=" + it).orElse("");
  }
}
