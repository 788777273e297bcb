package com.example.forecast;

import java.io.IOException;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import org.springframework.http.HttpStatusCode;
import org.springframework.http.client.ClientHttpResponse;
import org.springframework.stereotype.Component;
import org.springframework.web.client.ResourceAccessException;
import org.springframework.web.client.RestClient;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/// Where payments are taken: two calls to the hub.
@Component
class Till {
  private final RestClient hub;
  private final JsonMapper json;

  Till(RestClient hub, JsonMapper json) {
    this.hub = hub;
    this.json = json;
  }

  /// What became of a request to pay.
  sealed interface Outcome {
    /// @param receipt for the client, as its `PAYMENT-RESPONSE`
    record Paid(String receipt) implements Outcome {}

    /// The client asked for its unspent money instead of the goods, and has it.
    record PaidBack(String receipt) implements Outcome {}

    /// @param offer for the client, as its `PAYMENT-REQUIRED`
    /// @param receipt there when the refusal has one
    record Refused(String offer, Optional<String> receipt) implements Outcome {}

    /// Nobody can say yet. The same request, sent again, is charged once at most.
    record Unknown() implements Outcome {}
  }

  /// @param price in base units: of USDC, a millionth of a dollar
  Outcome offer(long price, String url) {
    return call("/v1/payment_requirements", order(price, url));
  }

  /// @param signature what the client sent as its `PAYMENT-SIGNATURE`
  Outcome take(long price, String url, String signature) {
    var body = new HashMap<>(order(price, url));
    body.put("payment_signature", signature);
    return call("/v1/payments", body);
  }

  private static Map<String, Object> order(long price, String url) {
    return Map.of("amount", "" + price, "resource", Map.of("url", url));
  }

  private Outcome call(String path, Map<String, Object> body) {
    try {
      return hub.post()
          .uri(path)
          .body(body)
          .exchange((_, response) -> outcome(response.getStatusCode(), read(response)));
    } catch (ResourceAccessException unreachable) {
      return new Outcome.Unknown();
    }
  }

  private static Outcome outcome(HttpStatusCode status, JsonNode answer) {
    var offer = answer.path("payment_required").asString("");
    var receipt = answer.path("payment_response").asString("");
    if (!offer.isEmpty()) {
      return new Outcome.Refused(offer, Optional.of(receipt).filter(text -> !text.isEmpty()));
    }
    if (status.is2xxSuccessful()) {
      boolean payment = answer.path("object").asString("").equals("payment");
      return payment ? new Outcome.Paid(receipt) : new Outcome.PaidBack(receipt);
    }
    if (status.is5xxServerError() || status.value() == 409 || status.value() == 429) {
      return new Outcome.Unknown();
    }
    throw new IllegalStateException("the hub does not understand this shop: " + answer);
  }

  private JsonNode read(ClientHttpResponse response) throws IOException {
    return json.readTree(response.getBody());
  }
}
