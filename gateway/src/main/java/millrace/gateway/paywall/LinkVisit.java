package millrace.gateway.paywall;

import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import millrace.gateway.link.PaymentLink;
import millrace.gateway.offer.Offer;

/// One request to a payment link.
record LinkVisit(
    HttpServletRequest request, HttpServletResponse response, PaymentLink link, Offer offer)
    implements Asked {}
