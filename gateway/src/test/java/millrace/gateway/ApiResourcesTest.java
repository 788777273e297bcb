package millrace.gateway;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.annotation.JsonProperty;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import java.lang.reflect.RecordComponent;
import java.math.BigInteger;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.Arrays;
import java.util.HashSet;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import millrace.protocol.type.Amount;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/// What every resource and every list of the API has, out of its committed description. What a kind
/// of object rightly lacks is written down here with the reason, and in the guide for merchants.
class ApiResourcesTest {
  private static final Map<String, String> WITHOUT_METADATA =
      Map.of(
          "AuditEntry", "nobody changes an entry, or adds to it",
          "Drill", "a measurement of the operator's, reported as a whole",
          "ChannelRefund", "the payer's own money, of which no merchant is part",
          "EventType", "part of the API, the same for everybody",
          "PayoutPayment", "a part of a payment, which has its own",
          "WebhookDelivery", "its endpoint has its own, and so has what the event tells of",
          "WebhookTest", "says that a test message is on its way, and is not kept");

  private static final Map<String, String> NOT_LISTED_BY_PAGES =
      Map.of(
          "listEventTypes", "a dozen or two, the same for everybody",
          "listBlockedWebhookDeliveries", "the oldest few that are in the way just now");

  private static final Set<String> PAGING = Set.of("limit", "starting_after");

  private static final JsonNode API =
      JsonMapper.shared().readTree(Path.of("..", "docs", "api", "openapi.json").toFile());

  @Test
  void everyObjectSaysWhetherItIsAboutRealMoney() {
    var silent =
        schemas(schema -> has(schema, "object") && !isList(schema) && !has(schema, "livemode"));
    assertThat(silent).isEmpty();
    assertThat(schemas(schema -> has(schema, "livemode"))).hasSizeGreaterThan(20);
  }

  @Test
  void everyResourceTakesNotesOrSomebodySaysWhyNot() {
    var without =
        schemas(schema -> has(schema, "object") && has(schema, "id") && !has(schema, "metadata"));
    assertThat(without).isEqualTo(new TreeSet<>(WITHOUT_METADATA.keySet()));
  }

  @Test
  void everyListHasPagesAndFiltersOrSomebodySaysWhyNot() {
    var poor = new TreeSet<String>();
    int lists = 0;
    for (var path : API.get("paths").properties()) {
      var get = path.getValue().path("get");
      if (!answers(get).map(ApiResourcesTest::isList).orElse(false)) continue;
      lists++;
      var parameters = new HashSet<String>();
      for (var parameter : get.path("parameters")) {
        if (parameter.get("in").stringValue().equals("query")) {
          parameters.add(parameter.get("name").stringValue());
        }
      }
      boolean paged = parameters.containsAll(PAGING);
      parameters.removeAll(PAGING);
      if (!paged || parameters.isEmpty()) poor.add(get.get("operationId").stringValue());
    }
    assertThat(poor).isEqualTo(new TreeSet<>(NOT_LISTED_BY_PAGES.keySet()));
    assertThat(lists).isGreaterThan(15);
  }

  @Test
  void everySuccessSaysWhatItsAnswerIs() {
    var vague = new TreeSet<String>();
    for (var path : API.get("paths").properties()) {
      for (var operation : path.getValue()) {
        for (var answer : operation.get("responses").properties()) {
          if (!answer.getKey().startsWith("2")) continue;
          var content = answer.getValue().path("content").path("application/json");
          if (!content.isMissingNode() && references(content).isEmpty()) {
            vague.add(operation.get("operationId").stringValue() + " " + answer.getKey());
          }
        }
      }
    }
    assertThat(vague).isEmpty();
    assertThat(API.get("paths").toString()).doesNotContain("*/*");
  }

  /// Goal: no answer leaves a program to guess what an amount is of, and how many of its digits are
  /// behind the point. A part of an object may leave that to the whole.
  @Test
  void everyAmountThatIsAnsweredStandsWithItsAssetAndDecimals() {
    var amounts = amountNames();
    assertThat(amounts).contains("amount", "price", "balance", "daily_spend_limit");
    var silent =
        answered().stream()
            .filter(name -> amounts.stream().anyMatch(amount -> isText(schema(name), amount)))
            .filter(name -> !isDenominated(name))
            .toList();
    assertThat(silent).isEmpty();
  }

  /// How JSON calls what is an amount in our records.
  private static Set<String> amountNames() {
    return new ClassFileImporter()
            .withImportOption(new ImportOption.DoNotIncludeTests())
            .importPackages("millrace.gateway")
            .stream()
            .map(JavaClass::reflect)
            .filter(Class::isRecord)
            .flatMap(record -> Arrays.stream(record.getRecordComponents()))
            .filter(part -> Set.of(Amount.class, BigInteger.class).contains(part.getType()))
            .map(ApiResourcesTest::jsonName)
            .collect(Collectors.toCollection(TreeSet::new));
  }

  private static String jsonName(RecordComponent part) {
    var named = Optional.ofNullable(part.getAccessor().getAnnotation(JsonProperty.class));
    return named.map(JsonProperty::value).orElse(part.getName());
  }

  private static boolean isDenominated(String name) {
    var schema = schema(name);
    if (has(schema, "asset") && has(schema, "decimals")) return true;
    var wholes = schemas(whole -> references(whole).contains(name) && !isList(whole));
    return !wholes.isEmpty() && wholes.stream().allMatch(ApiResourcesTest::isDenominated);
  }

  /// All schemas that are part of an answer.
  private static Set<String> answered() {
    var found = new TreeSet<String>();
    var open = new ArrayDeque<String>();
    for (var path : API.get("paths")) {
      for (var operation : path) open.addAll(references(operation.path("responses")));
    }
    while (!open.isEmpty()) {
      var name = open.remove();
      if (found.add(name)) open.addAll(references(schema(name)));
    }
    return found;
  }

  private static Set<String> references(JsonNode node) {
    return node.findValuesAsString("$ref").stream()
        .map(ref -> ref.substring(ref.lastIndexOf('/') + 1))
        .collect(Collectors.toSet());
  }

  private static Optional<JsonNode> answers(JsonNode operation) {
    return references(operation.at("/responses/200")).stream()
        .findFirst()
        .map(ApiResourcesTest::schema);
  }

  private static boolean isList(JsonNode schema) {
    return has(schema, "object") && has(schema, "data") && !has(schema, "id");
  }

  /// A number of the same name counts something.
  private static boolean isText(JsonNode schema, String property) {
    return schema.path("properties").path(property).path("type").asString("").equals("string");
  }

  private static boolean has(JsonNode schema, String property) {
    return schema.path("properties").has(property);
  }

  private static JsonNode schema(String name) {
    return API.get("components").get("schemas").get(name);
  }

  private static Set<String> schemas(Predicate<JsonNode> wanted) {
    var found = new TreeMap<String, JsonNode>();
    for (var schema : API.get("components").get("schemas").properties()) {
      if (wanted.test(schema.getValue())) found.put(schema.getKey(), schema.getValue());
    }
    return found.keySet();
  }
}
