package millrace.gateway.paywall;

import jakarta.servlet.http.HttpServlet;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.net.URI;
import java.util.Optional;
import java.util.regex.Pattern;
import millrace.gateway.offer.Offers;
import millrace.gateway.problem.Problem;
import millrace.gateway.problem.ProblemCode;
import millrace.gateway.problem.ProblemException;
import millrace.gateway.problem.ProblemWriter;
import millrace.gateway.route.Route;
import millrace.gateway.route.Routes;
import millrace.protocol.x402.Resource;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// `/x/{route}/**` for any method. A servlet of its own: the unpaid half of all requests should
/// cost no more than it must, and no web framework should read a body that is not ours.
final class PaywallServlet extends HttpServlet {
  private static final Logger LOG = LoggerFactory.getLogger(PaywallServlet.class);
  private static final int MAX_RESOURCE_CHARS = 1_000;
  private static final Pattern HEADER_NAMES = Pattern.compile("[A-Za-z0-9_, -]{1,500}");
  private static final String ALLOWED_HEADERS =
      "PAYMENT-SIGNATURE, Access-Control-Expose-Headers, Content-Type, Authorization";

  private final transient Routes routes;
  private final transient Offers offers;
  private final transient Paywall paywall;
  private final transient ProblemWriter problems;
  private final transient Optional<String> publicUrl;

  PaywallServlet(
      Routes routes,
      Offers offers,
      Paywall paywall,
      ProblemWriter problems,
      PaywallSettings settings) {
    this.routes = routes;
    this.offers = offers;
    this.paywall = paywall;
    this.problems = problems;
    this.publicUrl = settings.publicUrl();
  }

  @Override
  protected void service(HttpServletRequest request, HttpServletResponse response)
      throws IOException {
    try {
      answer(request, response);
    } catch (ProblemException answer) {
      problems.write(request, response, answer.problem());
    } catch (RuntimeException bug) {
      LOG.error("a paywalled request failed", bug);
      if (response.isCommitted()) throw bug;
      problems.write(
          request,
          response,
          Problem.of(ProblemCode.INTERNAL_ERROR, "Tell us the request_id, please."));
    }
  }

  private void answer(HttpServletRequest request, HttpServletResponse response) throws IOException {
    response.setHeader("Access-Control-Allow-Origin", "*");
    response.setHeader(
        "Access-Control-Expose-Headers",
        "PAYMENT-REQUIRED, PAYMENT-RESPONSE, Request-Id, Retry-After");
    var target =
        Target.of(request.getRequestURI())
            .orElseThrow(() -> Problem.notFound("route").asException());
    var route =
        routes.find(target.route()).orElseThrow(() -> Problem.notFound("route").asException());
    if (isPreflight(request)) {
      preflight(request, response, route);
      return;
    }
    if (!route.serves(request.getMethod())) {
      response.setHeader("Allow", String.join(", ", route.methods()));
      throw Problem.of(ProblemCode.METHOD_NOT_ALLOWED, "See the Allow header.").asException();
    }
    var upstream =
        target
            .under(route.upstream(), request.getQueryString())
            .orElseThrow(
                () ->
                    Problem.of(ProblemCode.INVALID_REQUEST, "The path is not plain.")
                        .asException());
    paywall.serve(visit(request, response, route, upstream));
  }

  private Visit visit(
      HttpServletRequest request, HttpServletResponse response, Route route, URI upstream) {
    var resource = new Resource(url(request), route.description(), route.mimeType());
    return new Visit(request, response, route, upstream, offers.of(route.price(), resource));
  }

  private String url(HttpServletRequest request) {
    var base = publicUrl.map(url -> url + request.getRequestURI());
    var url = base.orElseGet(() -> request.getRequestURL().toString());
    var query = request.getQueryString();
    var whole = query == null ? url : url + "?" + query;
    return whole.length() <= MAX_RESOURCE_CHARS ? whole : whole.substring(0, MAX_RESOURCE_CHARS);
  }

  private static boolean isPreflight(HttpServletRequest request) {
    return request.getMethod().equals("OPTIONS")
        && request.getHeader("Origin") != null
        && request.getHeader("Access-Control-Request-Method") != null;
  }

  /// A browser asks whether it may ask. Any page may: what protects a resource is its price.
  private static void preflight(
      HttpServletRequest request, HttpServletResponse response, Route route) {
    var asked = request.getHeader("Access-Control-Request-Headers");
    boolean echo = asked != null && HEADER_NAMES.matcher(asked).matches();
    response.setHeader(
        "Access-Control-Allow-Headers", echo ? ALLOWED_HEADERS + ", " + asked : ALLOWED_HEADERS);
    response.setHeader(
        "Access-Control-Allow-Methods",
        route.methods().isEmpty()
            ? "GET, HEAD, POST, PUT, PATCH, DELETE"
            : String.join(", ", route.methods()));
    response.setHeader("Access-Control-Max-Age", "600");
    response.setStatus(HttpServletResponse.SC_NO_CONTENT);
  }
}
