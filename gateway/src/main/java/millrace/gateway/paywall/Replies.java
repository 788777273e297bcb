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

  void unpaid(Asked asked) throws IOException {
    unpaid(asked, Optional.empty());
  }

  /// @param page for people; clients read the header only
  void unpaid(Asked asked, Optional<String> page) throws IOException {
    var response = asked.response();
    terms(response, asked.offer().required(X402Error.PAYMENT_REQUIRED));
    response.setContentType(page.isPresent() ? "text/html;charset=UTF-8" : "application/json");
    if (page.isPresent()) response.setHeader("Content-Security-Policy", "default-src 'none'");
    write(response, page.map(text -> text.getBytes(StandardCharsets.UTF_8)).orElse(EMPTY));
  }

  /// @param payer empty as long as the payload was not understood
  void denied(Asked asked, Optional<Address> payer, Denial denial) throws IOException {
    switch (denial) {
      case Denial.Prevented(var problem) -> problem(asked, problem);
      case Denial.Declined declined -> {
        if (declined.onChain() && payer.isPresent()) {
          receipt(asked.response(), receipts.failed(payer.get(), declined));
        }
        paymentRequired(
            asked.response(),
            asked.offer().required(declined.error(), declined.channel(), declined.newest()));
      }
    }
  }

  void problem(Asked asked, Problem problem) throws IOException {
    problems.write(asked.request(), asked.response(), problem);
  }

  /// The handler's own answer to somebody who is not charged for it.
  void uncharged(Asked asked, OutboundAnswer answer) throws IOException {
    var response = asked.response();
    head(response, answer);
    write(response, answer.body().bytes());
  }

  void charged(Asked asked, OutboundAnswer answer, SettleResponse receipt) throws IOException {
    var response = asked.response();
    head(response, answer);
    receipt(response, receipt);
    // What was paid for by one is not for the caches of all. An upstream may ask for more.
    var wish = response.getHeader(CACHE_CONTROL);
    if (wish == null || !wish.toLowerCase(Locale.ROOT).contains("no-store")) {
      response.setHeader(CACHE_CONTROL, "private");
    }
    write(response, answer.body().bytes());
  }

  /// The payment stands and its resource is not made again.
  void served(Asked asked, Problem problem, SettleResponse receipt) throws IOException {
    receipt(asked.response(), receipt);
    problem(asked, problem);
  }

  /// What was paid for is the payment itself.
  void paid(Asked asked, SettleResponse receipt, byte[] json) throws IOException {
    var response = asked.response();
    receipt(response, receipt);
    response.setStatus(HttpServletResponse.SC_OK);
    response.setHeader(CACHE_CONTROL, "no-store");
    response.setContentType("application/json");
    write(response, json);
  }

  void refunded(Asked asked, ChannelId channel, SettleResponse receipt) throws IOException {
    var body = "{\"message\":\"Refund acknowledged\",\"channelId\":\"" + channel + "\"}";
    paid(asked, receipt, body.getBytes(StandardCharsets.UTF_8));
  }

  private static void paymentRequired(HttpServletResponse response, PaymentRequired required)
      throws IOException {
    terms(response, required);
    response.setContentType("application/json");
    write(response, EMPTY);
  }

  private static void terms(HttpServletResponse response, PaymentRequired required) {
    response.setStatus(HttpServletResponse.SC_PAYMENT_REQUIRED);
    response.setHeader(Headers.PAYMENT_REQUIRED, required.toHeader());
    response.setHeader(CACHE_CONTROL, "no-store");
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
