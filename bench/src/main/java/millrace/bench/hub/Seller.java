package millrace.bench.hub;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse.BodyHandlers;
import java.util.Map;
import java.util.Optional;
import millrace.bench.load.Order;
import millrace.embedded.DevAccount;
import millrace.standalone.demo.HubApi;

/// A merchant of the hub, made over its REST API, with a route that costs a tenth of a cent.
public record Seller(URI gateway, URI chain, String merchant, String apiKey, URI route) {
  public static final long PRICE = 1_000;

  /// A thousand dollars: more than any run spends.
  public static final long DEPOSIT = 1_000_000_000;

  /// @param chain JSON-RPC of the development chain
  /// @param upstream the merchant's own server
  public static Seller at(URI gateway, String operatorKey, URI chain, URI upstream)
      throws InterruptedException {
    var operator = new HubApi(gateway.toString(), operatorKey);
    var made =
        operator.post(
            "/v1/merchants",
            Map.of("name", "bench", "payout_address", DevAccount.payer(9).address().toString()));
    var key = made.path("api_key").path("secret").asString();
    var route =
        operator
            .as(key)
            .post(
                "/v1/routes",
                Map.of("upstream_url", upstream.toString(), "price", Long.toString(PRICE)));
    var id = made.path("merchant").path("id").asString();
    return new Seller(gateway, chain, id, key, gateway.resolve(route.path("path").asString()));
  }

  public Order.Open order(String name, int channels) {
    return new Order.Open(
        name, route, Optional.of(gateway), Optional.of(apiKey), chain, channels, DEPOSIT);
  }

  public boolean takesBatches() throws InterruptedException {
    var request =
        HttpRequest.newBuilder(gateway.resolve("/v1/payments/batch"))
            .header("Authorization", "Bearer " + apiKey)
            .header("Content-Type", "application/x-ndjson")
            .POST(BodyPublishers.ofString("{}\n"))
            .build();
    try (var http = HttpClient.newHttpClient()) {
      int status = http.send(request, BodyHandlers.ofString()).statusCode();
      return status != 404 && status != 405;
    } catch (IOException e) {
      throw new IllegalStateException("no answer from " + request.uri(), e);
    }
  }
}
