package millrace.gateway.webhook;

import java.time.Duration;
import java.time.Instant;
import java.util.Optional;

/// What became of sending a parcel once.
///
/// @param requestHeaders one a line, as they were sent
/// @param status of the answer; empty when there was none
/// @param responseBody as much of it as is kept
/// @param error empty when the endpoint took the message
/// @param retryAfter what the endpoint asked for
record Attempt(
    Parcel parcel,
    Instant at,
    Duration took,
    String url,
    String requestHeaders,
    Optional<Integer> status,
    String responseHeaders,
    String responseBody,
    Optional<String> error,
    Optional<Duration> retryAfter) {
  private static final int GONE = 410;

  boolean delivered() {
    return error.isEmpty();
  }

  /// Whether the endpoint said that it will not be back.
  boolean gone() {
    return status.filter(it -> it == GONE).isPresent();
  }
}
