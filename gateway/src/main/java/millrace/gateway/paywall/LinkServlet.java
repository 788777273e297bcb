package millrace.gateway.paywall;

import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.time.Clock;
import java.util.Optional;
import millrace.gateway.hub.PriceLimits;
import millrace.gateway.link.Links;
import millrace.gateway.link.PaymentLink;
import millrace.gateway.offer.Offers;
import millrace.gateway.problem.Problem;
import millrace.gateway.problem.ProblemCode;
import millrace.gateway.problem.ProblemWriter;
import millrace.protocol.x402.Resource;

/// `/pay/{link}`, for any x402 client.
final class LinkServlet extends ProblemServlet {
  private static final String METHODS = "GET, POST";

  private final transient Links links;
  private final transient Offers offers;
  private final transient PriceLimits limits;
  private final transient LinkCounter counter;
  private final transient PublicUrl url;
  private final transient Clock clock;

  LinkServlet(
      Links links,
      Offers offers,
      PriceLimits limits,
      LinkCounter counter,
      ProblemWriter problems,
      PublicUrl url,
      Clock clock) {
    super(problems);
    this.links = links;
    this.offers = offers;
    this.limits = limits;
    this.counter = counter;
    this.url = url;
    this.clock = clock;
  }

  @Override
  void answer(HttpServletRequest request, HttpServletResponse response) throws IOException {
    Browsers.letAnyPageRead(response);
    var id = request.getRequestURI().substring(PaymentLink.PATH.length());
    var link =
        (PaymentLink.isId(id) ? links.find(id) : Optional.<PaymentLink>empty())
            .orElseThrow(() -> Problem.notFound("payment link").asException());
    if (Browsers.isPreflight(request)) {
      Browsers.answerPreflight(request, response, METHODS);
      return;
    }
    if (!request.getMethod().equals("GET") && !request.getMethod().equals("POST")) {
      response.setHeader("Allow", METHODS);
      throw Problem.of(ProblemCode.METHOD_NOT_ALLOWED, "See the Allow header.").asException();
    }
    if (!link.isOpenAt(clock.instant())) {
      throw Problem.of(ProblemCode.LINK_CLOSED, "Nothing was charged.").asException();
    }
    var resource = new Resource(url.of(request), link.description(), "application/json");
    var visit = new LinkVisit(request, response, link, offers.of(link.amount(), resource));
    if (visit.isUnpaid()) limits.requireServed(link.amount());
    counter.serve(visit);
  }
}
