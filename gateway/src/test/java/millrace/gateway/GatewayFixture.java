package millrace.gateway;

import java.io.IOException;
import java.math.BigInteger;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Clock;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import millrace.gateway.offer.Offers;
import millrace.protocol.channel.HubTerms;
import millrace.protocol.type.Address;
import millrace.protocol.type.Amount;
import millrace.protocol.x402.Resource;
import millrace.testkit.TestDatabase;
import millrace.testkit.TestKafka;
import org.awaitility.Awaitility;
import org.springframework.context.ConfigurableApplicationContext;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/// A running gateway with a stub of channel-service behind it and a merchant's server beside it.
final class GatewayFixture implements AutoCloseable {
  static final String OPERATOR_KEY = "operator-key-of-the-tests-0123456789";
  static final Account OPERATOR = new Account("", OPERATOR_KEY);
  static final JsonMapper JSON = JsonMapper.shared();
  static final HubTerms TERMS =
      new HubTerms(
          BigInteger.valueOf(31337),
          Address.of("0x4020074e9dF2ce1deE5A9C1b5c3f541D02a10003"),
          Address.of("0x4020806089470a89826cB9fB1f4059150b550004"),
          Address.of("0x00000000000000000000000000000000000000aa"),
          new HubTerms.Token(
              Address.of("0x00000000000000000000000000000000000000bb"), "USD Coin", "1", 6, "USDC"),
          900,
          Amount.of(10_000));

  static {
    // A gateway reads all events that earlier tests of the JVM have published before those that its
    // own tests wait for.
    Awaitility.setDefaultTimeout(Duration.ofSeconds(60));
  }

  final StubHub hub;
  final Upstream upstream;
  final ConfigurableApplicationContext context;
  final HttpClient http =
      HttpClient.newBuilder().followRedirects(HttpClient.Redirect.NEVER).build();
  private final URI url;

  GatewayFixture(TestDatabase database, Map<String, Object> more) throws IOException {
    hub = new StubHub(TERMS);
    upstream = new Upstream();
    var properties = properties(database, hub);
    properties.putAll(more);
    context = GatewayService.start(properties);
    url =
        URI.create("http://127.0.0.1:" + context.getEnvironment().getProperty("local.server.port"));
  }

  static Map<String, Object> properties(TestDatabase database, StubHub hub) {
    var properties = new HashMap<String, Object>();
    properties.put("server.port", "0");
    properties.put("management.server.port", "0");
    properties.put("spring.datasource.url", database.jdbcUrl());
    properties.put("spring.datasource.username", database.user());
    properties.put("spring.datasource.password", database.password());
    properties.put("spring.kafka.bootstrap-servers", TestKafka.bootstrapServers());
    properties.put("millrace.hub.vault", TERMS.vault());
    properties.put("millrace.hub.token.address", TERMS.token().address());
    properties.put("millrace.gateway.operator-key", OPERATOR_KEY);
    properties.put("millrace.gateway.consumer-group", TestKafka.uniqueName("gateway"));
    properties.put("millrace.gateway.channel-service.url", hub.url());
    properties.put("millrace.gateway.upstream.allowed", "127.0.0.1");
    return properties;
  }

  static Offers offers() {
    return new Offers(TERMS, 300, Clock.systemUTC());
  }

  static Resource resource() {
    return new Resource("http://shop.example/7", "", "");
  }

  URI url(String path) {
    return URI.create(url + path);
  }

  int port() {
    return url.getPort();
  }

  Account merchant() {
    var made =
        send(
            request("POST", "/v1/merchants", OPERATOR_KEY)
                .POST(
                    BodyPublishers.ofString(
                        """
                        {"name":"Shop","payout_address":"%s"}
                        """
                            .formatted("0x" + "1".repeat(40)))));
    if (made.statusCode() != 201) throw new IllegalStateException(made.body());
    var json = JSON.readTree(made.body());
    return new Account(
        json.get("merchant").get("id").stringValue(),
        json.get("api_key").get("secret").stringValue());
  }

  /// The path under which the route is sold.
  String route(Account merchant, String price, String more) {
    var made =
        post(
            merchant,
            "/v1/routes",
            """
            {"upstream_url":"%s/shop","price":"%s"%s}
            """
                .formatted(upstream.url(), price, more));
    if (made.statusCode() != 201) throw new IllegalStateException(made.body());
    return json(made).get("path").stringValue();
  }

  HttpRequest.Builder request(String method, String path, String key) {
    return HttpRequest.newBuilder(url(path))
        .timeout(Duration.ofSeconds(90))
        .header("Authorization", "Bearer " + key)
        .header("Content-Type", "application/json")
        .method(method, BodyPublishers.noBody());
  }

  HttpResponse<String> post(Account merchant, String path, String body) {
    return send(request("POST", path, merchant.key).POST(BodyPublishers.ofString(body)));
  }

  HttpResponse<String> get(Account merchant, String path) {
    return send(request("GET", path, merchant.key));
  }

  HttpResponse<String> paid(String path, String header) {
    return send(HttpRequest.newBuilder(url(path)).header("PAYMENT-SIGNATURE", header));
  }

  HttpResponse<String> send(HttpRequest.Builder request) {
    try {
      return http.send(request.build(), BodyHandlers.ofString());
    } catch (IOException e) {
      throw new IllegalStateException(e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException(e);
    }
  }

  static JsonNode json(HttpResponse<String> response) {
    return JSON.readTree(response.body());
  }

  static String code(HttpResponse<String> response) {
    return json(response).get("code").stringValue();
  }

  @Override
  public void close() {
    context.close();
    hub.close();
    upstream.close();
    // An answer that a failed test did not read would be waited for.
    http.shutdownNow();
    http.close();
  }

  record Account(String id, String key) {}
}
