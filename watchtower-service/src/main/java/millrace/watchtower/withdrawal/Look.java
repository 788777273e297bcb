package millrace.watchtower.withdrawal;

import java.time.Instant;

/// When a withdrawal is to be looked at again.
///
/// @param block before it has come nothing can be another way; 0: any time
record Look(Instant at, long block) {
  static Look at(Instant at) {
    return new Look(at, 0);
  }
}
