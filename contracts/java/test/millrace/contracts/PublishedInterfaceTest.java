package millrace.contracts;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Collectors;
import java.util.stream.StreamSupport;
import org.junit.jupiter.api.Test;
import org.web3j.crypto.Hash;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/// The channel contract has every function, event and error of the published interface, so clients,
/// facilitators and towers written for it cannot tell the difference. Beside them it has those of
/// the compact claim and no other.
class PublishedInterfaceTest {
  private static final Set<String> OURS =
      Set.of(
          "COMPACT_CLAIMS()",
          "claimCompactRows(bytes)",
          "ClaimedBatch(address,address,uint128,bytes)",
          "NotWholeRows(uint256,uint256)",
          "SafeCastOverflowedUintDowncast(uint8,uint256)");

  private final JsonNode vectors = read(Path.of("test", "x402-vectors.json"));
  private final JsonNode abi = read(Path.of("artifacts", "PaymentChannels.json")).get("abi");

  @Test
  void theFunctionsAreThePublishedOnes() {
    assertThat(ours("function", 10)).isEqualTo(published("selectors"));
  }

  @Test
  void theEventsAreThePublishedOnes() {
    assertThat(ours("event", 66)).isEqualTo(published("events"));
  }

  @Test
  void theErrorsAreThePublishedOnes() {
    assertThat(ours("error", 10)).isEqualTo(published("errors"));
  }

  @Test
  void oursIsThereAndNothingOfItIsPublished() {
    assertThat(signatures()).containsAll(OURS);
    for (var group : List.of("selectors", "events", "errors")) {
      assertThat(published(group).keySet()).doesNotContainAnyElementsOf(OURS);
    }
  }

  /// Selectors are tried in ascending order, at 22 gas each. The function that is called most is
  /// tried first, whatever else is added.
  @Test
  void theCompactClaimIsFoundFirst() {
    var ours = selector("claimCompactRows(bytes)");
    for (var contract : List.of("PaymentChannels", "HubVault")) {
      var functions = read(Path.of("artifacts", contract + ".json")).get("abi");
      for (var entry : functions) {
        if (!entry.get("type").asString().equals("function")) continue;
        var other = selector(entry.get("name").asString() + types(entry.get("inputs")));
        assertThat(other).isGreaterThanOrEqualTo(ours);
      }
    }
  }

  private static String selector(String signature) {
    return Hash.sha3String(signature).substring(0, 10);
  }

  private Set<String> signatures() {
    return StreamSupport.stream(abi.spliterator(), false)
        .filter(entry -> entry.has("name"))
        .map(entry -> entry.get("name").asString() + types(entry.get("inputs")))
        .collect(Collectors.toSet());
  }

  private Map<String, String> published(String group) {
    var entries = new TreeMap<String, String>();
    vectors.get(group).properties().forEach(e -> entries.put(e.getKey(), e.getValue().asString()));
    return entries;
  }

  private Map<String, String> ours(String type, int hexLength) {
    var entries = new TreeMap<String, String>();
    for (var entry : abi) {
      if (!entry.get("type").asString().equals(type)) continue;
      var signature = entry.get("name").asString() + types(entry.get("inputs"));
      if (!OURS.contains(signature))
        entries.put(signature, Hash.sha3String(signature).substring(0, hexLength));
    }
    return entries;
  }

  private static String types(JsonNode parameters) {
    return StreamSupport.stream(parameters.spliterator(), false)
        .map(PublishedInterfaceTest::type)
        .collect(Collectors.joining(",", "(", ")"));
  }

  private static String type(JsonNode parameter) {
    var type = parameter.get("type").asString();
    return type.startsWith("tuple")
        ? types(parameter.get("components")) + type.substring("tuple".length())
        : type;
  }

  private static JsonNode read(Path path) {
    return JsonMapper.shared().readTree(path.toFile());
  }
}
