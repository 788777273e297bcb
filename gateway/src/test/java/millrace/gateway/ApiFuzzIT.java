package millrace.gateway;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import java.util.stream.Stream;
import millrace.gateway.GatewayFixture.Account;
import millrace.gateway.RequestFuzz.Call;
import millrace.gateway.RequestFuzz.Operation;
import millrace.testkit.TestPostgres;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import tools.jackson.databind.JsonNode;

/// Whatever is asked, the API answers as its description says, and nothing is its own fault.
class ApiFuzzIT {
  private static final boolean LONG = Boolean.getBoolean("millrace.long");
  private static final int CALLS_PER_OPERATION = LONG ? 1_000 : 15;

  /// Asks a settlement-service, of which there is none here.
  private static final String NEEDS_MORE = "/v1/admin/reconciliation";

  private static GatewayFixture gateway;
  private static Account merchant;
  private static String ownKey;
  private static JsonNode description;

  @BeforeAll
  static void start() throws IOException {
    gateway = new GatewayFixture(TestPostgres.freshDatabase(), Map.of());
    merchant = gateway.merchant();
    ownKey =
        GatewayFixture.json(gateway.get(merchant, "/v1/api_keys"))
            .get("data")
            .get(0)
            .get("id")
            .stringValue();
    var served = gateway.send(HttpRequest.newBuilder(gateway.url("/v3/api-docs")));
    description = GatewayFixture.json(served);
  }

  @AfterAll
  static void stop() {
    gateway.close();
  }

  static Stream<Long> seeds() {
    return Stream.of(1L, 2L, 3L, 4L).limit(LONG ? 4 : 2);
  }

  /// A failure names its seed.
  @ParameterizedTest(name = "seed {0}")
  @MethodSource("seeds")
  void everyAnswerIsAsDescribedAndNoneIsOurFault(long seed) {
    var check = new SchemaCheck(description);
    var fuzz = new RequestFuzz(description, check, new Random(seed));
    var random = new Random(seed);
    var statuses = new TreeMap<Integer, Integer>();
    var faults = new ArrayList<String>();
    var operations =
        fuzz.operations().stream()
            .filter(ApiFuzzIT::ends)
            // What makes ids first, so that the rest has something to ask for.
            .sorted(Comparator.comparing((Operation one) -> !one.method().equals("POST")))
            .toList();
    for (int round = 0; round < CALLS_PER_OPERATION; round++) {
      for (var operation : operations) {
        var call = fuzz.call(operation);
        var answer = send(call, random);
        statuses.merge(answer.statusCode(), 1, Integer::sum);
        for (var fault : faults(check, operation, answer)) {
          faults.add(operation.method() + " " + call.path() + " " + text(call) + " -> " + fault);
        }
        if (answer.statusCode() < 300) remember(fuzz, answer);
      }
    }
    System.out.printf(
        "api fuzz, seed %d: %d operations, %d requests, answers %s, %d faults%n",
        seed,
        operations.size(),
        statuses.values().stream().mapToInt(Integer::intValue).sum(),
        statuses,
        faults.size());
    assertThat(faults.stream().distinct().limit(10).toList()).as("seed %d", seed).isEmpty();
    assertThat(statuses.getOrDefault(200, 0) + statuses.getOrDefault(201, 0)).isPositive();
  }

  /// A stream of events goes on for as long as somebody listens.
  private static boolean ends(Operation operation) {
    return !operation.path().equals(NEEDS_MORE)
        && !operation.described().path("responses").toString().contains("text/event-stream");
  }

  private static HttpResponse<String> send(Call call, Random random) {
    var path = call.operation().path();
    boolean operator = path.startsWith("/v1/merchants") || path.startsWith("/v1/admin");
    var key =
        random.nextInt(50) == 0
            ? "sk_test_nonsense"
            : operator ? GatewayFixture.OPERATOR_KEY : merchant.key();
    var content = call.operation().described().path("requestBody").path("content");
    var type =
        content.isEmpty() ? "application/json" : content.properties().iterator().next().getKey();
    var request =
        HttpRequest.newBuilder(gateway.url(call.path()))
            .timeout(Duration.ofSeconds(30))
            .header("Authorization", "Bearer " + key)
            .header("Content-Type", type)
            .method(
                call.operation().method(),
                call.body().map(BodyPublishers::ofByteArray).orElseGet(BodyPublishers::noBody));
    for (int i = 0; i < call.headers().size(); i += 2) {
      request.header(call.headers().get(i), call.headers().get(i + 1));
    }
    return gateway.send(request);
  }

  private static List<String> faults(
      SchemaCheck check, Operation operation, HttpResponse<String> answer) {
    int status = answer.statusCode();
    var type = answer.headers().firstValue("Content-Type").orElse("");
    if (status >= 500) return List.of(status + " " + answer.body());
    if (answer.body().isEmpty()) {
      // No line is what an export of nothing has.
      boolean none = status == 200 && type.startsWith("application/x-ndjson");
      return status == 204 || none ? List.of() : List.of(status + " without a body");
    }
    var responses = operation.described().path("responses");
    if (type.startsWith("application/problem+json")) {
      var problem = GatewayFixture.json(answer);
      var faults =
          new ArrayList<>(
              check.faults(
                  responses
                      .path("default")
                      .path("content")
                      .path("application/problem+json")
                      .path("schema"),
                  problem));
      if (problem.path("status").asInt(0) != status) faults.add("status " + problem);
      var said = responses.path("" + status).path("description").asString("");
      var code = problem.path("code").asString("");
      if (status != 402 && !said.contains("`" + code + "`")) {
        faults.add(status + " " + code + " is not described");
      }
      var request = answer.headers().firstValue("Request-Id").orElse("none");
      if (!problem.path("request_id").asString("").equals(request)) faults.add("id " + problem);
      return faults;
    }
    var content = responses.path("" + status).path("content");
    if (content.isEmpty()) return List.of(status + " is not described");
    var schema = content.properties().iterator().next().getValue().path("schema");
    if (!type.startsWith("application/json")) return List.of();
    return check.faults(schema, GatewayFixture.json(answer));
  }

  private static void remember(RequestFuzz fuzz, HttpResponse<String> answer) {
    if (!answer.headers().firstValue("Content-Type").orElse("").contains("json")) return;
    if (answer.body().isEmpty() || answer.body().contains("\n{")) return;
    for (var id : GatewayFixture.json(answer).findValues("id")) {
      // Or it would be revoked, and nobody let in any more.
      if (id.isString() && !id.stringValue().equals(ownKey)) fuzz.remember(id.stringValue());
    }
  }

  private static String text(Call call) {
    return call.body()
        .map(bytes -> new String(bytes, StandardCharsets.UTF_8))
        .map(body -> body.substring(0, Math.min(200, body.length())))
        .orElse("");
  }
}
