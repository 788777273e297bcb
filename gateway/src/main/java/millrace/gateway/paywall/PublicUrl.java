package millrace.gateway.paywall;

import jakarta.servlet.http.HttpServletRequest;
import java.util.Optional;

/// What a request asked for, as its client wrote it.
///
/// @param base of this gateway as clients see it; else what their requests say
record PublicUrl(Optional<String> base) {
  private static final int MAX_CHARS = 1_000;

  String of(HttpServletRequest request) {
    var url =
        base.map(known -> known + request.getRequestURI())
            .orElseGet(() -> request.getRequestURL().toString());
    var query = request.getQueryString();
    var whole = query == null ? url : url + "?" + query;
    return whole.length() <= MAX_CHARS ? whole : whole.substring(0, MAX_CHARS);
  }
}
