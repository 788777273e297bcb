package millrace.gateway.idempotency;

import java.util.Optional;
import java.util.function.Supplier;
import millrace.gateway.problem.IdempotencyKey;

/// Lets a handler make something of the gateway's own that a repeated request must not make again.
/// The handler takes one after its caller, and performs within it what changes the database: the
/// effect and its answer are stored in one transaction. No network call belongs there: what the
/// network says is asked for before, and held against nobody but within.
public final class Once {
  private final Repeats repeats;
  private final Optional<IdempotencyKey> key;
  private final String operation;
  private final String token;
  private final Runnable replayed;

  Once(
      Repeats repeats,
      Optional<IdempotencyKey> key,
      String operation,
      String token,
      Runnable replayed) {
    this.repeats = repeats;
    this.key = key;
    this.operation = operation;
    this.token = token;
    this.replayed = replayed;
  }

  /// @param parameters what was asked for, as it is told from something else under the same key
  /// @param type of the answer, to read it back
  public <T> T perform(Object parameters, Class<T> type, Supplier<T> effect) {
    if (key.isEmpty()) return repeats.inTransaction(effect);
    return repeats.once(
        new Repeats.Request(key.get(), operation, parameters, token), type, effect, replayed);
  }
}
