package millrace.bench.hub;

import java.util.Map;
import millrace.protocol.type.ChannelId;

/// What clients were told that they have paid.
///
/// @param acknowledged base units in all, by channel
/// @param price of each payment
record Journal(Map<ChannelId, Long> acknowledged, long price) {
  Journal {
    acknowledged = Map.copyOf(acknowledged);
  }

  /// How many acknowledged payments the books do not have. They may have one more of a channel:
  /// its answer was under way when something was killed.
  ///
  /// @param charged what the books say, by channel
  /// @throws IllegalStateException when the books have more than was ever signed
  long missingIn(Map<ChannelId, Long> charged) {
    long missing = 0;
    for (var entry : acknowledged.entrySet()) {
      long known = charged.getOrDefault(entry.getKey(), 0L);
      if (known > entry.getValue() + price) {
        throw new IllegalStateException(
            "%s is charged %d, but knows of %d".formatted(entry.getKey(), known, entry.getValue()));
      }
      missing += Math.max(0, entry.getValue() - known) / price;
    }
    return missing;
  }
}
