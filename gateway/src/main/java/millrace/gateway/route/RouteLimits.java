package millrace.gateway.route;

import java.util.Optional;

/// What a merchant's server can bear. The gateway's own limits hold besides.
///
/// @param requestsPerSecond paid ones, through one gateway
/// @param concurrency paid ones under way at once, through one gateway
/// @param timeoutSeconds for the whole answer
public record RouteLimits(
    Optional<Integer> requestsPerSecond,
    Optional<Integer> concurrency,
    Optional<Integer> timeoutSeconds) {
  public static final RouteLimits NONE =
      new RouteLimits(Optional.empty(), Optional.empty(), Optional.empty());
}
