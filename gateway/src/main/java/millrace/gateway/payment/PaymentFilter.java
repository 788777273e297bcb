package millrace.gateway.payment;

import java.util.Optional;
import java.util.regex.Pattern;
import millrace.gateway.link.PaymentLink;
import millrace.gateway.page.Period;
import millrace.gateway.page.Wanted;
import millrace.gateway.problem.Problem;
import millrace.gateway.problem.ProblemCode;
import millrace.gateway.route.RouteId;
import millrace.protocol.type.Address;
import millrace.protocol.type.ChannelId;
import org.jspecify.annotations.Nullable;

/// Which payments somebody looks for. Each condition has an index.
///
/// @param soldAt the route or payment link that was paid at
record PaymentFilter(
    Optional<ChannelId> channel, Optional<Address> payer, Optional<String> soldAt, Period period) {
  /// Where in a resource the id of a route or link is; the index has the same expression.
  private static final Pattern SOLD_AT = Pattern.compile("/(?:x|pay)/((?:rt|pl)_[0-9a-z]{26})");

  static PaymentFilter of(
      @Nullable String channel,
      @Nullable String payer,
      @Nullable String route,
      @Nullable String link,
      Period period) {
    if (route != null && !RouteId.isOne(route)) {
      throw wrong("route", "is rt_ and 26 letters and digits");
    }
    if (link != null && !PaymentLink.isId(link)) {
      throw wrong("payment_link", "is pl_ and 26 letters and digits");
    }
    if (route != null && link != null) {
      throw wrong("payment_link", "and route exclude each other");
    }
    return new PaymentFilter(
        Wanted.channel("channel", channel),
        Wanted.address("payer", payer),
        Optional.ofNullable(route).or(() -> Optional.ofNullable(link)),
        period);
  }

  static Optional<String> soldAt(String resource) {
    var found = SOLD_AT.matcher(resource);
    return found.find() ? Optional.of(found.group(1)) : Optional.empty();
  }

  private static RuntimeException wrong(String field, String why) {
    return Problem.of(ProblemCode.INVALID_REQUEST, field + " " + why + ".")
        .about(field)
        .asException();
  }
}
