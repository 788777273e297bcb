package millrace.gateway.outbound;

import java.util.List;
import org.apache.hc.core5.http.Header;

/// A whole answer, body and all.
public record OutboundAnswer(int status, List<Header> headers, Body body) {}
