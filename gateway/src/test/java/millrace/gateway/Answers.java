package millrace.gateway;

import java.net.http.HttpResponse;
import millrace.protocol.x402.Parsed;
import millrace.protocol.x402.PaymentRequired;
import millrace.protocol.x402.SettleResponse;

/// What x402 says in headers.
final class Answers {
  private Answers() {}

  static PaymentRequired required(HttpResponse<String> answer) {
    var parsed = PaymentRequired.ofHeader(header(answer, "PAYMENT-REQUIRED"));
    return ((Parsed.Ok<PaymentRequired>) parsed).value();
  }

  static SettleResponse receipt(HttpResponse<String> answer) {
    var parsed = SettleResponse.ofHeader(header(answer, "PAYMENT-RESPONSE"));
    return ((Parsed.Ok<SettleResponse>) parsed).value();
  }

  static String header(HttpResponse<String> answer, String name) {
    return answer.headers().firstValue(name).orElse("");
  }
}
