package millrace.gateway.outbound;

import java.net.URI;
import java.time.Duration;
import java.util.List;
import org.apache.hc.core5.http.Header;

/// @param onlyNamed whether only addresses that the operator named may be called
/// @param deadline for the whole exchange, however slowly the other side drips
/// @param maxBytes of the answer's body
public record OutboundCall(
    String method,
    URI url,
    List<Header> headers,
    Body body,
    boolean onlyNamed,
    Duration deadline,
    int maxBytes) {}
