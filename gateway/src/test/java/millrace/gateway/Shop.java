package millrace.gateway;

import static millrace.gateway.GatewayFixture.json;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.sun.net.httpserver.Headers;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import millrace.gateway.GatewayFixture.Account;
import millrace.gateway.Upstream.Request;
import millrace.messaging.event.ChannelEvent.PaymentAccepted;
import millrace.protocol.type.Amount;
import millrace.protocol.type.MerchantId;
import millrace.protocol.type.PaymentId;
import millrace.protocol.type.Ulid;
import tools.jackson.databind.JsonNode;

/// A merchant that is paid by one payer and told of it at its server.
final class Shop {
  static final Duration SOON = Duration.ofSeconds(60);
  private static final AtomicInteger PAYMENTS = new AtomicInteger(1_000_000);

  final Payer payer = Payer.fresh();
  final Account account;
  private final GatewayFixture gateway;

  Shop(GatewayFixture gateway) {
    this.gateway = gateway;
    account = gateway.merchant();
    gateway.upstream.reset();
  }

  JsonNode endpoint(String types, String more) {
    var made =
        gateway.post(
            account,
            "/v1/webhook_endpoints",
            "{\"url\":\"%s/hook/%s\",\"events\":[%s]%s}"
                .formatted(gateway.upstream.url(), account.id(), types, more));
    assertThat(made.statusCode()).as(made.body()).isEqualTo(201);
    return json(made);
  }

  JsonNode shown(String endpoint) {
    return json(get(endpoint, ""));
  }

  HttpResponse<String> get(String endpoint, String path) {
    return gateway.get(account, "/v1/webhook_endpoints/" + endpoint + path);
  }

  HttpResponse<String> post(String endpoint, String action, String body) {
    return gateway.post(account, "/v1/webhook_endpoints/" + endpoint + "/" + action, body);
  }

  HttpResponse<String> patch(String endpoint, String body) {
    return gateway.send(
        gateway
            .request("PATCH", "/v1/webhook_endpoints/" + endpoint, account.key())
            .method("PATCH", BodyPublishers.ofString(body)));
  }

  JsonNode act(String endpoint, String action, String body) {
    var answer = post(endpoint, action, body);
    assertThat(answer.statusCode()).as(answer.body()).isBetween(200, 202);
    return json(answer);
  }

  List<JsonNode> list(String endpoint, String query) {
    return list("/v1/webhook_endpoints/" + endpoint + "/deliveries" + query);
  }

  List<JsonNode> list(String path) {
    var answer = gateway.get(account, path.replace("[", "%5B").replace("]", "%5D"));
    assertThat(answer.statusCode()).as(answer.body()).isEqualTo(200);
    var data = json(answer).get("data");
    return IntStream.range(0, data.size()).mapToObj(data::get).toList();
  }

  long delivered(String endpoint) {
    return list(endpoint, "?status=delivered").size();
  }

  void awaitEvents(int count) {
    await().atMost(SOON).until(() -> list("/v1/events?limit=100").size() >= count);
  }

  void awaitEvent(String type) {
    await().atMost(SOON).until(() -> !list("/v1/events?type=" + type).isEmpty());
  }

  List<Request> told(int count) {
    await().atMost(SOON).until(() -> mine().size() >= count);
    return mine();
  }

  List<Request> mine() {
    return gateway.upstream.requests.stream()
        .filter(request -> request.uri().equals("/hook/" + account.id()))
        .filter(request -> !request.body().contains("endpoint.test"))
        .toList();
  }

  static List<String> amounts(List<Request> requests) {
    return requests.stream().map(request -> data(request, "amount")).toList();
  }

  static List<String> amountsOf(List<JsonNode> events) {
    return events.stream().map(it -> it.get("data").get("amount").stringValue()).toList();
  }

  static String id(JsonNode object) {
    return object.get("id").stringValue();
  }

  static String id(Request request) {
    return request.headers().getFirst("webhook-id");
  }

  static String data(Request request, String field) {
    var data = GatewayFixture.JSON.readTree(request.body()).get("data");
    return Optional.ofNullable(data.get(field)).map(JsonNode::stringValue).orElse("");
  }

  static Map<String, List<String>> lowerCase(Headers headers) {
    var lower = new HashMap<String, List<String>>();
    headers.forEach((name, values) -> lower.put(name.toLowerCase(Locale.ROOT), values));
    return lower;
  }

  /// Later ones sort later within a millisecond, too.
  static byte[] numbered(int number) {
    return ByteBuffer.allocate(Ulid.RANDOM_BYTES).putInt(number).array();
  }

  PaymentAccepted paid(long amount) {
    return paid(amount, Instant.now());
  }

  PaymentAccepted paid(long amount, Instant at) {
    int number = PAYMENTS.incrementAndGet();
    var payload = payer.keys().voucher(Payer.offer(amount), payer.channel(), Amount.of(amount));
    return new PaymentAccepted(
        new PaymentId("pay_" + Ulid.of(Instant.now(), numbered(number))),
        payer.channelId(),
        payer.channel(),
        new MerchantId(account.id()),
        Amount.of(amount),
        Amount.of(amount),
        payload.voucher(),
        number,
        "http://shop.example/7",
        at);
  }
}
