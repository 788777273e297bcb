package millrace.gateway.paywall;

import jakarta.servlet.http.HttpServletRequest;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import millrace.gateway.outbound.OutboundAnswer;
import org.apache.hc.core5.http.Header;
import org.apache.hc.core5.http.message.BasicHeader;

/// Which headers pass between a client and an upstream. Those about payment are between the client
/// and us, those about a connection end with it. Cookies and whatever else binds to an origin do
/// not pass either: all merchants of a hub share one.
final class ForwardedHeaders {
  private static final Set<String> OF_CONNECTION =
      Set.of(
          "connection",
          "keep-alive",
          "proxy-authenticate",
          "proxy-authorization",
          "proxy-connection",
          "te",
          "trailer",
          "transfer-encoding",
          "upgrade",
          "content-length",
          "expect",
          "http2-settings");
  private static final Set<String> OF_PAYMENT =
      Set.of(
          "payment-signature",
          "payment-required",
          "payment-response",
          "x-payment",
          "x-payment-response",
          // Between the upstream and us: what it used is charged for.
          "millrace-usage");
  private static final Set<String> OF_OUR_ORIGIN =
      Set.of(
          "cookie",
          "set-cookie",
          "set-cookie2",
          "clear-site-data",
          "service-worker-allowed",
          "strict-transport-security",
          "alt-svc",
          "content-security-policy",
          "content-security-policy-report-only",
          "request-id",
          "date",
          "host",
          "forwarded");

  private ForwardedHeaders() {}

  static List<Header> toUpstream(HttpServletRequest request) {
    var dropped = named(Collections.list(request.getHeaders("Connection")));
    List<Header> headers = new ArrayList<>();
    for (var name : Collections.list(request.getHeaderNames())) {
      var key = name.toLowerCase(Locale.ROOT);
      if (passes(key, dropped) && !key.startsWith("x-forwarded-")) {
        for (var value : Collections.list(request.getHeaders(name))) {
          headers.add(new BasicHeader(name, value));
        }
      }
    }
    headers.add(new BasicHeader("X-Forwarded-For", request.getRemoteAddr()));
    headers.add(new BasicHeader("X-Forwarded-Proto", request.getScheme()));
    return headers;
  }

  static List<Header> toClient(OutboundAnswer answer) {
    var dropped =
        named(
            answer.headers().stream()
                .filter(header -> header.getName().equalsIgnoreCase("Connection"))
                .map(Header::getValue)
                .toList());
    return answer.headers().stream()
        .filter(header -> passes(header.getName().toLowerCase(Locale.ROOT), dropped))
        .toList();
  }

  private static boolean passes(String name, Set<String> dropped) {
    return !OF_CONNECTION.contains(name)
        && !OF_PAYMENT.contains(name)
        && !OF_OUR_ORIGIN.contains(name)
        && !name.startsWith("access-control-")
        && !dropped.contains(name);
  }

  /// `Connection` may name further headers that end here.
  private static Set<String> named(List<String> connection) {
    Set<String> names = new HashSet<>();
    for (var value : connection) {
      for (var name : value.split(",", -1)) names.add(name.trim().toLowerCase(Locale.ROOT));
    }
    return names;
  }
}
