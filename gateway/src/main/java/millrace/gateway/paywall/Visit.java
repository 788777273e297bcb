package millrace.gateway.paywall;

import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.net.URI;
import millrace.gateway.offer.Offer;
import millrace.gateway.route.Route;

/// One request to a paywalled route, and what it would cost.
///
/// @param target of the upstream
record Visit(
    HttpServletRequest request, HttpServletResponse response, Route route, URI target, Offer offer)
    implements Asked {}
