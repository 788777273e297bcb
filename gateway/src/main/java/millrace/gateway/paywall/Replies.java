package millrace.gateway.paywall;

import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Locale;
import java.util.Optional;
import millrace.gateway.checkout.Denial;
import millrace.gateway.checkout.Receipts;
import millrace.gateway.outbound.OutboundAnswer;
import millrace.gateway.problem.Problem;
import millrace.gateway.problem.ProblemWriter;
import millrace.protocol.type.Address;
import millrace.protocol.type.ChannelId;
import millrace.protocol.x402.Headers;
import millrace.protocol.x402.PaymentRequired;
import millrace.protocol.x402.SettleResponse;
import millrace.protocol.x402.X402Error;

/// Everything that a paywalled route says.
final class Replies {
  private static final byte[] EMPTY = "{}".getBytes(StandardCharsets.UTF_8);
  private static final String CACHE_CONTROL = "Cache-Control";

  private final ProblemWriter problems;
  private final Receipts receipts;

  Replies(ProblemWriter problems, Receipts receipts) {
    this.problems = problems;
    this.receipts = receipts;
  }

  void unpaid(Visit visit) throws IOException {
    paymentRequired(visit.response(), visit.offer().required(X402Error.PAYMENT_REQUIRED));
  }

  /// @param payer empty as long as the payload was not understood
  void denied(Visit visit, Optional<Address> payer, Denial denial) throws IOException {
    switch (denial) {
      case Denial.Prevented(var problem) -> problem(visit, problem);
      case Denial.Declined declined -> {
        if (declined.onChain() && payer.isPresent()) {
          receipt(visit.response(), receipts.failed(payer.get(), declined));
        }
        paymentRequired(
            visit.response(),
            visit.offer().required(declined.error(), declined.channel(), declined.newest()));
      }
    }
  }

  void problem(Visit visit, Problem problem) throws IOException {
    problems.write(visit.request(), visit.response(), problem);
  }

  /// The handler's own answer to somebody who is not charged for it.
  void uncharged(Visit visit, OutboundAnswer answer) throws IOException {
    var response = visit.response();
    head(response, answer);
    write(response, answer.body().bytes());
  }

  void charged(Visit visit, OutboundAnswer answer, SettleResponse receipt) throws IOException {
    var response = visit.response();
    head(response, answer);
    receipt(response, receipt);
    // What was paid for by one is not for the caches of all. An upstream may ask for more.
    var asked = response.getHeader(CACHE_CONTROL);
    if (asked == null || !asked.toLowerCase(Locale.ROOT).contains("no-store")) {
      response.setHeader(CACHE_CONTROL, "private");
    }
    write(response, answer.body().bytes());
  }

  /// The payment stands and its resource is not made again.
  void served(Visit visit, Problem problem, SettleResponse receipt) throws IOException {
    receipt(visit.response(), receipt);
    problem(visit, problem);
  }

  void refunded(Visit visit, ChannelId channel, SettleResponse receipt) throws IOException {
    var response = visit.response();
    receipt(response, receipt);
    response.setStatus(HttpServletResponse.SC_OK);
    response.setHeader(CACHE_CONTROL, "no-store");
    response.setContentType("application/json");
    var body = "{\"message\":\"Refund acknowledged\",\"channelId\":\"" + channel + "\"}";
    write(response, body.getBytes(StandardCharsets.UTF_8));
  }

  private static void paymentRequired(HttpServletResponse response, PaymentRequired required)
      throws IOException {
    response.setStatus(HttpServletResponse.SC_PAYMENT_REQUIRED);
    response.setHeader(Headers.PAYMENT_REQUIRED, required.toHeader());
    response.setHeader(CACHE_CONTROL, "no-store");
    response.setContentType("application/json");
    write(response, EMPTY);
  }

  private static void receipt(HttpServletResponse response, SettleResponse receipt) {
    response.setHeader(Headers.PAYMENT_RESPONSE, receipt.toHeader());
  }

  /// All merchants share our origin, so what one of them sends must not run in it.
  private static void head(HttpServletResponse response, OutboundAnswer answer) {
    response.setStatus(answer.status());
    for (var header : ForwardedHeaders.toClient(answer)) {
      response.addHeader(header.getName(), header.getValue());
    }
    response.setHeader("Content-Security-Policy", "sandbox");
    response.setHeader("X-Content-Type-Options", "nosniff");
  }

  private static void write(HttpServletResponse response, byte[] body) throws IOException {
    response.setContentLength(body.length);
    response.getOutputStream().write(body);
    response.flushBuffer();
  }
}
