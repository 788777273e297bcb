package millrace.acceptance;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import millrace.protocol.eip712.Keccak;
import millrace.protocol.eip712.SigningKey;
import millrace.protocol.type.Address;
import millrace.protocol.type.Amount;
import millrace.protocol.type.Bytes32;
import tools.jackson.databind.JsonNode;

/// A merchant with a key to the API, no wallet but an address.
record Merchant(Hub hub, String id, String apiKey, Address payee) {
  static Merchant at(Hub hub, String name) throws IOException, InterruptedException {
    var payee = fresh(name).address();
    var made =
        Rest.json(
            Rest.post(
                hub.gateway("/v1/merchants"),
                Map.of("Authorization", "Bearer " + Hub.OPERATOR_KEY),
                Rest.JSON.writeValueAsString(
                    Map.of("name", name, "payout_address", payee.toString()))));
    return new Merchant(
        hub,
        made.path("merchant").path("id").stringValue(),
        made.path("api_key").path("secret").stringValue(),
        payee);
  }

  /// A key that is new in every run.
  static SigningKey fresh(String name) {
    var seed = (name + UUID.randomUUID()).getBytes(UTF_8);
    return SigningKey.of(Bytes32.of(Keccak.hash(seed)));
  }

  /// Puts an upstream behind a price.
  URI route(Upstream upstream, Amount price) throws IOException, InterruptedException {
    var made =
        Rest.json(
            Rest.post(
                hub.gateway("/v1/routes"),
                authorized(),
                Rest.JSON.writeValueAsString(
                    Map.of("upstream_url", upstream.url(), "price", price.toString()))));
    return hub.gateway(made.path("path").stringValue() + "/thing");
  }

  Balance balance() throws IOException, InterruptedException {
    var all = Rest.json(Rest.get(hub.gateway("/v1/balance"), authorized()));
    var only = all.path("balances").path(0);
    return new Balance(
        amount(only, "available"), amount(only, "in_payout"), amount(only, "paid_out"));
  }

  /// Asks for everything and waits until it was paid.
  Amount payOut(Duration limit) throws IOException, InterruptedException {
    var headers =
        Map.of(
            "Authorization", "Bearer " + apiKey, "Idempotency-Key", UUID.randomUUID().toString());
    var asked = Rest.json(Rest.post(hub.gateway("/v1/payouts"), headers, "{}"));
    var payout = asked.path("id").stringValue();
    try {
      awaitPaid(payout, amount(asked, "amount"), limit);
    } catch (AssertionError late) {
      throw new AssertionError(late.getMessage() + Standstill.of(hub), late);
    }
    return amount(asked, "amount");
  }

  private void awaitPaid(String payout, Amount amount, Duration limit) throws InterruptedException {
    Eventually.holds(
        "payout " + payout + " of " + amount + " is paid",
        limit,
        () -> {
          var now = Rest.json(Rest.get(hub.gateway("/v1/payouts/" + payout), authorized()));
          var status = now.path("status").stringValue();
          if (status.equals("failed")) throw new AssertionError("failed: " + now);
          return status.equals("paid");
        });
  }

  /// Asks for a payment to be given back, whatever the answer is.
  HttpResponse<String> refund(String key, Map<String, String> body)
      throws IOException, InterruptedException {
    var headers = Map.of("Authorization", "Bearer " + apiKey, "Idempotency-Key", "refund-" + key);
    return Rest.post(hub.gateway("/v1/refunds"), headers, Rest.JSON.writeValueAsString(body));
  }

  /// The refund when it has ended, which may be a while after it was answered.
  JsonNode ended(JsonNode asked, Duration limit) throws InterruptedException {
    var refund = new JsonNode[] {asked};
    var path = hub.gateway("/v1/refunds/" + asked.path("id").stringValue());
    Eventually.holds(
        "the refund has ended",
        limit,
        () -> {
          refund[0] = Rest.json(Rest.get(path, authorized()));
          return !refund[0].path("status").stringValue().equals("pending");
        });
    return refund[0];
  }

  /// The ids of its payments, the newest first, once there are so many.
  List<String> payments(int count, Duration limit) throws InterruptedException {
    var ids = new ArrayList<String>();
    Eventually.holds(
        count + " payments are listed",
        limit,
        () -> {
          ids.clear();
          var page = Rest.json(Rest.get(hub.gateway("/v1/payments?limit=100"), authorized()));
          for (var payment : page.path("data")) ids.add(payment.path("id").stringValue());
          return ids.size() >= count;
        });
    return List.copyOf(ids);
  }

  /// What its list of payments adds up to.
  Amount listed() throws IOException, InterruptedException {
    var sum = Amount.ZERO;
    var query = "?limit=100";
    while (true) {
      var page = Rest.json(Rest.get(hub.gateway("/v1/payments" + query), authorized()));
      for (var payment : page.path("data")) sum = sum.plus(amount(payment, "amount"));
      if (!page.path("has_more").booleanValue()) return sum;
      var last = page.path("data").path(page.path("data").size() - 1);
      query = "?limit=100&starting_after=" + last.path("id").stringValue();
    }
  }

  /// The headers that say who asks.
  Map<String, String> authorized() {
    return Map.of("Authorization", "Bearer " + apiKey);
  }

  private static Amount amount(JsonNode node, String name) {
    return Amount.of(node.path(name).stringValue());
  }

  /// What it has earned.
  record Balance(Amount available, Amount inPayout, Amount paidOut) {
    Amount earned() {
      return available.plus(inPayout).plus(paidOut);
    }
  }
}
