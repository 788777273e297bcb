package millrace.gateway.outbound;

import java.util.List;
import org.apache.hc.core5.http.Header;

/// A whole answer, body and all.
public record OutboundAnswer(int status, List<Header> headers, Body body) {
  /// What a header says, once for each time that it is there.
  public List<String> values(String name) {
    return headers.stream()
        .filter(header -> header.getName().equalsIgnoreCase(name))
        .map(header -> header.getValue().trim())
        .toList();
  }
}
