package millrace.gateway.paywall;

import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.util.regex.Pattern;

/// Pages may pay, whosever they are: what protects a resource is its price.
final class Browsers {
  private static final Pattern HEADER_NAMES = Pattern.compile("[A-Za-z0-9_, -]{1,500}");
  private static final String ALLOWED_HEADERS =
      "PAYMENT-SIGNATURE, Access-Control-Expose-Headers, Content-Type, Authorization";

  private Browsers() {}

  static void letAnyPageRead(HttpServletResponse response) {
    response.setHeader("Access-Control-Allow-Origin", "*");
    response.setHeader(
        "Access-Control-Expose-Headers",
        "PAYMENT-REQUIRED, PAYMENT-RESPONSE, Request-Id, Retry-After");
  }

  /// A browser asks whether it may ask.
  static boolean isPreflight(HttpServletRequest request) {
    return request.getMethod().equals("OPTIONS")
        && request.getHeader("Origin") != null
        && request.getHeader("Access-Control-Request-Method") != null;
  }

  static void answerPreflight(
      HttpServletRequest request, HttpServletResponse response, String methods) {
    var asked = request.getHeader("Access-Control-Request-Headers");
    boolean echo = asked != null && HEADER_NAMES.matcher(asked).matches();
    response.setHeader(
        "Access-Control-Allow-Headers", echo ? ALLOWED_HEADERS + ", " + asked : ALLOWED_HEADERS);
    response.setHeader("Access-Control-Allow-Methods", methods);
    response.setHeader("Access-Control-Max-Age", "600");
    response.setStatus(HttpServletResponse.SC_NO_CONTENT);
  }
}
