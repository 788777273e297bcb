package millrace.gateway.outbound;

import java.net.URI;
import java.time.Duration;
import java.util.List;
import org.apache.hc.core5.http.Header;

/// @param onlyNamed whether only addresses that the operator named may be called
/// @param deadline for the whole exchange, however slowly the other side drips
/// @param maxBytes of the answer's body
/// @param excess what becomes of an answer that has more
public record OutboundCall(
    String method,
    URI url,
    List<Header> headers,
    Body body,
    boolean onlyNamed,
    Duration deadline,
    int maxBytes,
    Excess excess) {
  /// What to do about an answer that is larger than we take.
  public enum Excess {
    REFUSE,
    /// Take what came first, and hang up.
    CUT
  }
}
