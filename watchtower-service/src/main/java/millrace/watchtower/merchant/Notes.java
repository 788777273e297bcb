package millrace.watchtower.merchant;

import java.time.Instant;
import java.util.Optional;

/// All that the tower must not forget.
///
/// @param cursor where the hub's stream goes on
/// @param heardAt when the hub was last heard of, to the minute
record Notes(
    Held held,
    Optional<String> cursor,
    Optional<Instant> heardAt,
    Optional<Due> due,
    Optional<Attempt> attempt) {
  static final Notes NONE =
      new Notes(
          Held.NOTHING, Optional.empty(), Optional.empty(), Optional.empty(), Optional.empty());

  Notes with(Held newer) {
    return new Notes(newer, cursor, heardAt, due, attempt);
  }

  Notes resumingAt(String newer) {
    return new Notes(held, Optional.of(newer), heardAt, due, attempt);
  }

  Notes heard(Instant at) {
    return new Notes(held, cursor, Optional.of(at), due, attempt);
  }

  Notes owed(Optional<Due> newer) {
    return new Notes(held, cursor, heardAt, newer, attempt);
  }

  Notes sending(Optional<Attempt> newer) {
    return new Notes(held, cursor, heardAt, due, newer);
  }
}
