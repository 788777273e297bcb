package millrace.gateway;

import static java.nio.charset.StandardCharsets.UTF_8;
import static millrace.gateway.GatewayFixture.OPERATOR;
import static millrace.gateway.GatewayFixture.OPERATOR_KEY;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Map.Entry;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.StreamSupport;
import millrace.gateway.GatewayFixture.Account;
import millrace.testkit.TestPostgres;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.SerializationFeature;
import tools.jackson.databind.json.JsonMapper;

/// The served description is the committed one, and lists are narrowed as it says.
/// `-Dopenapi.write=true` writes it anew.
class OpenApiIT {
  private static final Path COMMITTED = Path.of("..", "docs", "api", "openapi.json");

  /// A stream goes on from the newest where a cursor says nothing.
  private static final Set<String> FREE = Set.of("after");

  private static final Pattern OF_THE_OPERATOR = Pattern.compile("^/v1/(admin|merchants)");

  private static GatewayFixture gateway;
  private static JsonNode description;

  @BeforeAll
  static void start() throws IOException {
    gateway = new GatewayFixture(TestPostgres.freshDatabase(), Map.of());
    var served = gateway.send(HttpRequest.newBuilder(gateway.url("/v3/api-docs")));
    assertThat(served.statusCode()).isEqualTo(200);
    description = GatewayFixture.json(served);
  }

  @AfterAll
  static void stop() {
    gateway.close();
  }

  @Test
  void whatIsServedIsWhatIsCommitted() throws IOException {
    var json =
        JsonMapper.builder()
            .enable(SerializationFeature.INDENT_OUTPUT)
            .enable(SerializationFeature.ORDER_MAP_ENTRIES_BY_KEYS)
            .build();
    var text = json.writeValueAsString(json.treeToValue(description, Map.class)) + "\n";
    if (Boolean.getBoolean("openapi.write")) {
      Files.createDirectories(COMMITTED.getParent());
      Files.writeString(COMMITTED, text);
    }
    assertThat(COMMITTED).as("run with -Dopenapi.write=true and commit").content().isEqualTo(text);
    assertThat(description.get("openapi").stringValue()).startsWith("3.1");
  }

  /// Goal: whoever reads about an operation sees what to send and what comes back, and both are
  /// right.
  @Test
  void everyOperationHasExamplesThatKeepToTheirSchema() {
    var check = new SchemaCheck(description);
    var faults = new ArrayList<String>();
    for (var operation : operations()) {
      var name = operation.getKey();
      var body = operation.getValue().path("requestBody").path("content");
      faults.addAll(faults(check, name + " takes", body));
      boolean answers = false;
      for (var response : operation.getValue().get("responses").properties()) {
        faults.addAll(
            faults(check, name + " " + response.getKey(), response.getValue().path("content")));
        answers |= response.getKey().startsWith("2");
      }
      if (!answers) faults.add(name + " never succeeds");
    }
    assertThat(faults).isEmpty();
  }

  @Test
  void everyOperationSaysHowItCanFail() {
    var missing = new ArrayList<String>();
    for (var operation : operations()) {
      var responses = operation.getValue().get("responses");
      var expected = new ArrayList<>(List.of("400", "401", "406", "500", "503"));
      if (operation.getKey().contains("{")) expected.add("404");
      if (!operation.getValue().path("requestBody").isMissingNode()) {
        expected.addAll(List.of("413", "415"));
      }
      if (operation.getValue().toString().contains("\"Idempotency-Key\"")) expected.add("422");
      for (var status : expected) {
        var content = responses.path(status).path("content").path("application/problem+json");
        if (content.isMissingNode()) missing.add(operation.getKey() + " " + status);
      }
    }
    assertThat(missing).isEmpty();
  }

  /// Goal: whoever mistypes what it looks for is told so, by name, and is not shown everything.
  @Test
  void aFilterThatNobodyUnderstandsIsNamedWhateverTheList() {
    var merchant = gateway.merchant();
    int asked = 0;
    for (var operation : operations()) {
      if (!operation.getKey().startsWith("get ")) continue;
      for (var parameter : operation.getValue().path("parameters")) {
        var name = parameter.get("name").stringValue();
        if (!parameter.get("in").stringValue().equals("query") || FREE.contains(name)) continue;
        var path = operation.getKey().substring(4).replaceAll("\\{[^}]+}", "none");
        var query = "?" + URLEncoder.encode(name, UTF_8) + "=no+such+thing";
        if (path.endsWith("/statement") && !name.equals("month")) query += "&month=2026-11";
        var key = OF_THE_OPERATOR.matcher(path).find() ? OPERATOR_KEY : merchant.key();
        var answer = gateway.send(gateway.request("GET", path + query, key));
        assertThat(answer.statusCode()).as(path + query + answer.body()).isEqualTo(400);
        assertThat(GatewayFixture.json(answer).get("param").stringValue()).isEqualTo(name);
        asked++;
      }
    }
    assertThat(asked).isGreaterThan(90);
  }

  @Test
  void listsAreNarrowedByTheirFilters() {
    var shop = gateway.merchant();
    var route = "{\"upstream_url\":\"" + gateway.upstream.url() + "\",\"price\":\"5\"}";
    var any = id(gateway.post(shop, "/v1/routes", route));
    var reads = route.replace("}", ",\"methods\":[\"GET\",\"HEAD\"]}");
    var read = id(gateway.post(shop, "/v1/routes", reads));
    assertThat(ids(shop, "/v1/routes?method=GET")).containsExactly(read, any);
    assertThat(ids(shop, "/v1/routes?method=POST")).containsExactly(any);
    assertThat(ids(shop, "/v1/routes?method=HEA")).containsExactly(any);
    assertThat(ids(shop, "/v1/routes?created%5Blt%5D=2020-01-01T00:00:00Z")).isEmpty();

    var hook = "{\"url\":\"%s/hook\",\"events\":[%s]}";
    var url = gateway.upstream.url();
    var payouts =
        id(
            gateway.post(
                shop,
                "/v1/webhook_endpoints",
                hook.formatted(url, "\"payout.paid\",\"payout.failed\"")));
    var payments =
        id(
            gateway.post(
                shop, "/v1/webhook_endpoints", hook.formatted(url, "\"payment.succeeded\"")));
    gateway.send(
        gateway
            .request("GET", "/v1/webhook_endpoints/" + payments, shop.key())
            .method("PATCH", BodyPublishers.ofString("{\"enabled\":false}")));
    gateway.post(
        gateway.merchant(), "/v1/webhook_endpoints", hook.formatted(url, "\"payout.failed\""));
    var list = "/v1/webhook_endpoints?";
    assertThat(ids(shop, list + "status=disabled")).containsExactly(payments);
    assertThat(ids(shop, list + "status=healthy")).containsExactly(payouts);
    assertThat(ids(shop, list + "event=payout.failed")).containsExactly(payouts);
    assertThat(ids(shop, list + "event=payout.canceled")).isEmpty();
    assertThat(ids(shop, list + "created%5Blt%5D=2020-01-01T00:00:00Z")).isEmpty();
    assertThat(ids(shop, list + "created%5Bgte%5D=2100-01-01T00:00:00Z")).isEmpty();
    assertThat(ids(shop, list + "starting_after=" + payments)).containsExactly(payouts);
    gateway.send(gateway.request("GET", "/v1/webhook_endpoints/" + payments, shop.key()).DELETE());
    assertThat(ids(shop, list + "limit=9")).containsExactly(payouts);
  }

  @Test
  void theOperatorFindsMerchantsByWhereTheyArePaid() {
    var address = "0x" + "7".repeat(40);
    var seven = "{\"name\":\"Seven\",\"payout_address\":\"" + address + "\"}";
    var made = gateway.post(OPERATOR, "/v1/merchants", seven);
    var id = GatewayFixture.json(made).get("merchant").get("id").stringValue();
    assertThat(ids(OPERATOR, "/v1/merchants?payout_address=" + address)).containsExactly(id);
    assertThat(ids(OPERATOR, "/v1/merchants?created%5Blt%5D=2020-01-01T00:00:00Z")).isEmpty();
  }

  @Test
  void aPersonReadsItAtDocsAndNothingOfItComesFromElsewhere() {
    var docs = gateway.send(HttpRequest.newBuilder(gateway.url("/docs")));
    assertThat(docs.statusCode()).isEqualTo(302);
    var page = gateway.url(docs.headers().firstValue("Location").orElseThrow());
    var shown = gateway.send(HttpRequest.newBuilder(page));
    assertThat(shown.statusCode()).as(page.toString()).isEqualTo(200);
    var base = page.toString().substring(0, page.toString().lastIndexOf('/') + 1);
    for (var file : List.of("swagger-ui.css", "swagger-ui-bundle.js", "swagger-initializer.js")) {
      var part = gateway.send(HttpRequest.newBuilder(URI.create(base + file)));
      assertThat(part.statusCode()).as(file).isEqualTo(200);
      if (file.equals("swagger-initializer.js")) {
        assertThat(part.body()).contains("/v3/api-docs").doesNotContain("petstore");
      }
    }
    assertThat(shown.body()).doesNotContain("http://", "https://", "src=\"//");
  }

  private static String id(HttpResponse<String> made) {
    return GatewayFixture.json(made).get("id").stringValue();
  }

  private static List<String> ids(Account by, String path) {
    var answer = gateway.get(by, path);
    assertThat(answer.statusCode()).as(answer.body()).isEqualTo(200);
    return StreamSupport.stream(GatewayFixture.json(answer).get("data").spliterator(), false)
        .map(one -> one.get("id").stringValue())
        .toList();
  }

  private static List<String> faults(SchemaCheck check, String where, JsonNode content) {
    var faults = new ArrayList<String>();
    for (var media : content.properties()) {
      var example = media.getValue().path("example");
      if (example.isMissingNode()) {
        faults.add(where + " " + media.getKey() + " has no example");
      } else if (media.getKey().matches("application/(problem\\+)?json")) {
        for (var fault : check.faults(media.getValue().get("schema"), example)) {
          faults.add(where + " " + media.getKey() + ": " + fault);
        }
      }
    }
    return faults;
  }

  private static List<Entry<String, JsonNode>> operations() {
    var all = new ArrayList<Entry<String, JsonNode>>();
    for (var path : description.get("paths").properties()) {
      for (var operation : path.getValue().properties()) {
        all.add(Map.entry(operation.getKey() + " " + path.getKey(), operation.getValue()));
      }
    }
    return all;
  }
}
