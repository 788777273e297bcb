package millrace.gateway.paywall;

import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.net.URI;
import millrace.gateway.hub.PriceLimits;
import millrace.gateway.offer.Offers;
import millrace.gateway.problem.Problem;
import millrace.gateway.problem.ProblemCode;
import millrace.gateway.problem.ProblemWriter;
import millrace.gateway.route.Route;
import millrace.gateway.route.Routes;
import millrace.protocol.x402.Resource;

/// `/x/{route}/**` for any method. A servlet of its own: the unpaid half of all requests should
/// cost no more than it must, and no web framework should read a body that is not ours.
final class PaywallServlet extends ProblemServlet {
  private static final String METHODS = "GET, HEAD, POST, PUT, PATCH, DELETE";

  private final transient Routes routes;
  private final transient Offers offers;
  private final transient PriceLimits limits;
  private final transient Paywall paywall;
  private final transient PublicUrl url;

  PaywallServlet(
      Routes routes,
      Offers offers,
      PriceLimits limits,
      Paywall paywall,
      ProblemWriter problems,
      PublicUrl url) {
    super(problems);
    this.routes = routes;
    this.offers = offers;
    this.limits = limits;
    this.paywall = paywall;
    this.url = url;
  }

  @Override
  void answer(HttpServletRequest request, HttpServletResponse response) throws IOException {
    Browsers.letAnyPageRead(response);
    var target =
        Target.of(request.getRequestURI())
            .orElseThrow(() -> Problem.notFound("route").asException());
    var route =
        routes.find(target.route()).orElseThrow(() -> Problem.notFound("route").asException());
    if (Browsers.isPreflight(request)) {
      var methods = route.methods().isEmpty() ? METHODS : String.join(", ", route.methods());
      Browsers.answerPreflight(request, response, methods);
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
    var visit = visit(request, response, route, upstream);
    if (visit.isUnpaid()) limits.requireServed(route.price().most());
    paywall.serve(visit);
  }

  private Visit visit(
      HttpServletRequest request, HttpServletResponse response, Route route, URI upstream) {
    var resource = new Resource(url.of(request), route.description(), route.mimeType());
    return new Visit(request, response, route, upstream, offers.of(route.price().most(), resource));
  }
}
