package millrace.gateway;

import static millrace.gateway.GatewayFixture.code;
import static millrace.gateway.GatewayFixture.json;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.function.Predicate;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import millrace.gateway.GatewayFixture.Account;
import millrace.gateway.merchant.Scope;
import millrace.messaging.event.ChannelEvent.PaymentAccepted;
import millrace.protocol.type.Amount;
import millrace.protocol.type.MerchantId;
import millrace.protocol.type.PaymentId;
import millrace.testkit.TestDatabase;
import millrace.testkit.TestPostgres;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import tools.jackson.databind.node.ObjectNode;

/// Every endpoint there is, asked by everybody who may not. A new endpoint is in here by
/// itself; one that names a new kind of object needs a line in [#objects()].
class EndpointMatrixIT {
  private static final Map<String, Supplier<String>> OBJECTS = new HashMap<>();

  /// A key for each scope that has all but that.
  private static final Map<Scope, String> WITHOUT = new EnumMap<>(Scope.class);

  private static TestDatabase database;
  private static GatewayFixture gateway;
  private static GatewayFixture live;
  private static TestEvents events;
  private static Account merchant;
  private static Account stranger;
  private static String expired;
  private static String revoked;

  @BeforeAll
  static void start() throws IOException, SQLException {
    database = TestPostgres.freshDatabase();
    gateway = new GatewayFixture(database, Map.of());
    events = new TestEvents();
    live =
        new GatewayFixture(
            database,
            Map.of("millrace.hub.chain-id", "8453", "millrace.gateway.upstream.allowed", ""));
    merchant = gateway.merchant();
    stranger = gateway.merchant();
    var all = scopes(_ -> true);
    expired = key(all).key();
    try (var connection = database.connect();
        var statement = connection.createStatement()) {
      statement.execute("UPDATE api_key SET expires_at = now() WHERE hint LIKE 'rk_%'");
    }
    var doomed = key(all);
    revoked = doomed.key();
    gateway.send(gateway.request("DELETE", "/v1/api_keys/" + doomed.id(), merchant.key()));
    objects();
  }

  /// How the merchant comes by one of each kind that a path can name.
  private static void objects() {
    OBJECTS.put("/v1/api_keys/{id}", () -> key(scopes(_ -> true)).id());
    OBJECTS.put(
        "/v1/routes/{id}",
        () -> made("/v1/routes", "{\"upstream_url\":\"%s\",\"price\":\"5\"}", "id"));
    OBJECTS.put(
        "/v1/webhook_endpoints/{id}",
        () ->
            made(
                "/v1/webhook_endpoints",
                "{\"url\":\"%s/hook\",\"events\":[\"payment.succeeded\"]}",
                "id"));
    OBJECTS.put(
        "/v1/events/{id}",
        () -> {
          var endpoint = Objects.requireNonNull(OBJECTS.get("/v1/webhook_endpoints/{id}")).get();
          var path = "/v1/webhook_endpoints/" + endpoint + "/test";
          return json(gateway.post(merchant, path, "")).get("id").stringValue();
        });
    OBJECTS.put("/v1/channels/{id}", EndpointMatrixIT::paidChannel);
    OBJECTS.put(
        "/v1/payment_links/{id}", () -> made("/v1/payment_links", "{\"amount\":\"5\"}", "id"));
    OBJECTS.put("/v1/payouts/{id}", () -> made("/v1/payouts", "{\"amount\":\"5\"}", "id"));
    OBJECTS.put("/v1/payments/{id}", EndpointMatrixIT::payment);
    OBJECTS.put(
        "/v1/refunds/{id}", () -> made("/v1/refunds", "{\"payment\":\"" + payment() + "\"}", "id"));
    OBJECTS.put("/v1/balance_transactions/{id}", EndpointMatrixIT::balanceTransaction);
  }

  private static String payment() {
    return made(
        "/v1/payments",
        """
        {"payment_signature":"%s","amount":"10","resource":{"url":"http://shop.example/7"}}
        """
            .formatted(Payer.fresh().voucher(10, 10)),
        "id");
  }

  private static String balanceTransaction() {
    paidChannel();
    return json(gateway.get(merchant, "/v1/balance_transactions"))
        .get("data")
        .get(0)
        .get("id")
        .stringValue();
  }

  /// One that the merchant was paid from, as far as the gateway has heard.
  private static String paidChannel() {
    var payer = Payer.fresh();
    var amount = Amount.of(1);
    events.publish(
        new PaymentAccepted(
            new PaymentId("pay_" + "%026d".formatted(System.nanoTime())),
            payer.channelId(),
            payer.channel(),
            new MerchantId(merchant.id()),
            amount,
            amount,
            payer.keys().voucher(Payer.offer(1), payer.channel(), amount).voucher(),
            1,
            "/thing",
            Instant.now()));
    var id = payer.channelId().toString();
    await().until(() -> gateway.get(merchant, "/v1/channels/" + id).statusCode() == 200);
    return id;
  }

  @AfterAll
  static void stop() {
    events.close();
    gateway.close();
    live.close();
  }

  static Stream<Endpoint> endpoints() {
    return Endpoint.of(gateway).stream();
  }

  static Stream<Endpoint> endpointsOfMerchants() {
    return endpoints().filter(endpoint -> !endpoint.isOfTheOperator());
  }

  static Stream<Endpoint> objectsOfMerchants() {
    return endpointsOfMerchants().filter(Endpoint::namesAnObject);
  }

  @ParameterizedTest
  @MethodSource("endpoints")
  void whoeverHasNoKeyIsNobody(Endpoint endpoint) {
    var nobody = ask(gateway, endpoint, nothing(endpoint), Optional.empty());
    assertThat(nobody.statusCode()).isEqualTo(401);
    assertThat(code(nobody)).isEqualTo("missing-api-key");
    refused(endpoint, "sk_test_" + "x".repeat(43), 401, "invalid-api-key");
  }

  @ParameterizedTest
  @MethodSource("endpointsOfMerchants")
  void aKeyThatHasEndedIsWorthNothing(Endpoint endpoint) {
    refused(endpoint, expired, 401, "expired-api-key");
    refused(endpoint, revoked, 401, "invalid-api-key");
  }

  @ParameterizedTest
  @MethodSource("endpoints")
  void aKeyOpensOnlyWhatItsScopesSay(Endpoint endpoint) {
    if (endpoint.isOfTheOperator()) {
      refused(endpoint, merchant.key(), 401, "invalid-api-key");
    } else {
      var key = WITHOUT.computeIfAbsent(endpoint.scope().get(), scope -> key(without(scope)).key());
      refused(endpoint, key, 403, "missing-scope");
      refused(endpoint, GatewayFixture.OPERATOR_KEY, 401, "invalid-api-key");
    }
  }

  @ParameterizedTest
  @MethodSource("endpointsOfMerchants")
  void aTestKeyIsNothingWhereMoneyIsReal(Endpoint endpoint) {
    var answer = ask(live, endpoint, nothing(endpoint), Optional.of(merchant.key()));
    assertThat(answer.statusCode()).isEqualTo(401);
    assertThat(code(answer)).isEqualTo("invalid-api-key");
  }

  /// Goal: what is another's and what is not there are told in the very same words.
  @ParameterizedTest
  @MethodSource("objectsOfMerchants")
  void whatIsAnothersIsNotThere(Endpoint endpoint) {
    assertThat(OBJECTS)
        .as("say in objects() how a merchant comes by one")
        .containsKey(endpoint.object());
    var id = Objects.requireNonNull(OBJECTS.get(endpoint.object())).get();
    var theirs = ask(gateway, endpoint, endpoint.pathTo(id), Optional.of(stranger.key()));
    var none = ask(gateway, endpoint, nothing(endpoint), Optional.of(stranger.key()));
    boolean asksOnly = endpoint.method().equals("GET") || endpoint.method().equals("DELETE");
    // A body that is wrong anyway may be refused before anybody looks.
    assertThat(theirs.statusCode())
        .as(theirs.body())
        .isIn(asksOnly ? List.of(404) : List.of(404, 400));
    assertThat(withoutRequest(theirs)).isEqualTo(withoutRequest(none));
    if (endpoint.path().equals(endpoint.object()) && endpoint.method().equals("GET")) {
      var own = ask(gateway, endpoint, endpoint.pathTo(id), Optional.of(merchant.key()));
      assertThat(own.statusCode()).as(own.body()).isEqualTo(200);
    }
  }

  private static void refused(Endpoint endpoint, String key, int status, String code) {
    var answer = ask(gateway, endpoint, nothing(endpoint), Optional.of(key));
    assertThat(answer.statusCode()).as(answer.body()).isEqualTo(status);
    assertThat(code(answer)).isEqualTo(code);
    assertThat(json(answer).get("request_id").stringValue())
        .isEqualTo(answer.headers().firstValue("Request-Id").orElseThrow());
  }

  private static HttpResponse<String> ask(
      GatewayFixture of, Endpoint endpoint, String path, Optional<String> key) {
    var request =
        HttpRequest.newBuilder(of.url(path))
            .timeout(Duration.ofSeconds(30))
            .header("Content-Type", endpoint.contentType())
            .header("Idempotency-Key", "matrix-" + System.nanoTime())
            .method(
                endpoint.method(),
                endpoint.method().equals("GET")
                    ? BodyPublishers.noBody()
                    : BodyPublishers.ofString("{}"));
    key.ifPresent(secret -> request.header("Authorization", "Bearer " + secret));
    return of.send(request);
  }

  /// The path to what is not there, in the form of what is.
  private static String nothing(Endpoint endpoint) {
    if (!endpoint.namesAnObject()) return endpoint.path();
    var collection = endpoint.path().substring("/v1/".length(), endpoint.path().indexOf("/{"));
    var prefix =
        switch (collection) {
          case "api_keys" -> "key_";
          case "routes" -> "rt_";
          case "webhook_endpoints" -> "we_";
          case "payments" -> "pay_";
          case "payouts" -> "po_";
          case "refunds" -> "re_";
          case "balance_transactions" -> "txn_";
          case "channels" -> "0x" + "0".repeat(38);
          case "payment_links" -> "pl_";
          default -> "xx_";
        };
    return endpoint.pathTo(prefix + "0".repeat(26));
  }

  private static String made(String path, String body, String field) {
    var answer =
        gateway.send(
            gateway
                .request("POST", path, merchant.key())
                .header("Idempotency-Key", "made-" + System.nanoTime())
                .POST(
                    BodyPublishers.ofString(
                        body.replace("%s", gateway.upstream.url().toString()))));
    assertThat(answer.statusCode()).as(answer.body()).isEqualTo(201);
    return json(answer).get(field).stringValue();
  }

  private static String without(Scope missing) {
    return scopes(scope -> scope != missing);
  }

  private static String scopes(Predicate<Scope> wanted) {
    return Arrays.stream(Scope.values())
        .filter(wanted)
        .map(scope -> "\"" + scope.wire() + "\"")
        .collect(Collectors.joining(","));
  }

  private static Account key(String scopes) {
    var made =
        gateway.post(merchant, "/v1/api_keys", "{\"name\":\"k\",\"scopes\":[" + scopes + "]}");
    assertThat(made.statusCode()).as(made.body()).isEqualTo(201);
    return new Account(json(made).get("id").stringValue(), json(made).get("secret").stringValue());
  }

  private static Object withoutRequest(HttpResponse<String> answer) {
    return ((ObjectNode) json(answer)).without("request_id");
  }
}
