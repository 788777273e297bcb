package millrace.protocol.x402;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.Base64;
import java.util.List;
import java.util.Random;
import java.util.stream.LongStream;
import millrace.protocol.x402.Parsed.Malformed;
import millrace.protocol.x402.Parsed.Ok;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/// Whatever arrives, reading it answers and never throws; and what is read can be written and read
/// again as the same. A failure names its seed.
class DecoderFuzzTest {
  private static final int ROUNDS = 1500;
  private static final List<String> FILES =
      List.of(
          "payment-required-corrective",
          "payment-voucher-identified",
          "payment-deposit",
          "payment-refund",
          "answer-deposit",
          "answer-failed");
  private static final List<String> STRANGE =
      List.of("", "0", "-1", "0x", "1e999", "null", "\u0000", "٣", "9".repeat(500), "{}", "\\");

  static LongStream seeds() {
    return LongStream.range(0, Boolean.getBoolean("millrace.long") ? 200 : 4);
  }

  private static void readAll(String json) {
    check(PaymentRequired.ofJson(json), read -> PaymentRequired.ofJson(read.toJson()));
    check(PaymentPayload.ofJson(json), read -> PaymentPayload.ofJson(read.toJson()));
    check(SettleResponse.ofJson(json), read -> SettleResponse.ofJson(read.toJson()));
    check(PaymentRequirements.ofJson(json), read -> PaymentRequirements.ofJson(read.toJson()));
  }

  private static <T> void check(Parsed<T> parsed, java.util.function.Function<T, Parsed<T>> again) {
    switch (parsed) {
      case Ok<T>(var value) -> assertThat(again.apply(value)).isEqualTo(parsed);
      case Malformed<T>(_, var detail) -> assertThat(detail).isNotEmpty().hasSizeLessThan(200);
    }
  }

  private static void readHeader(String header) {
    check(PaymentPayload.ofHeader(header), read -> PaymentPayload.ofHeader(read.toHeader()));
    check(PaymentRequired.ofHeader(header), read -> PaymentRequired.ofHeader(read.toHeader()));
    check(SettleResponse.ofHeader(header), read -> SettleResponse.ofHeader(read.toHeader()));
  }

  @ParameterizedTest(name = "seed {0}")
  @MethodSource("seeds")
  void survivesChangedTrees(long seed) {
    var random = new Random(seed);
    for (int i = 0; i < ROUNDS; i++) {
      var tree = Wire.tree(Wire.file(FILES.get(random.nextInt(FILES.size()))));
      for (int change = random.nextInt(1, 4); change > 0; change--) change(tree, random);
      readAll(Wire.JSON.writeValueAsString(tree));
    }
  }

  @ParameterizedTest(name = "seed {0}")
  @MethodSource("seeds")
  void survivesChangedText(long seed) {
    var random = new Random(seed);
    for (int i = 0; i < ROUNDS; i++) {
      var text = new StringBuilder(Wire.file(FILES.get(random.nextInt(FILES.size()))));
      for (int change = random.nextInt(1, 6); change > 0; change--) {
        int at = random.nextInt(text.length());
        switch (random.nextInt(3)) {
          case 0 -> text.deleteCharAt(at);
          case 1 -> text.setCharAt(at, (char) random.nextInt(0x10000));
          default -> text.insert(at, "{}[]\",:0e.-x".charAt(random.nextInt(12)));
        }
      }
      readAll(text.toString());
    }
  }

  @ParameterizedTest(name = "seed {0}")
  @MethodSource("seeds")
  void survivesChangedHeaders(long seed) {
    var random = new Random(seed);
    for (int i = 0; i < ROUNDS; i++) {
      byte[] bytes;
      if (random.nextInt(3) == 0) {
        bytes = new byte[random.nextInt(300)];
        random.nextBytes(bytes);
      } else {
        bytes = Wire.file(FILES.get(random.nextInt(FILES.size()))).getBytes(ISO_8859_1);
        bytes[random.nextInt(bytes.length)] = (byte) random.nextInt(256);
      }
      readHeader(Base64.getEncoder().encodeToString(bytes));
      readHeader(new String(bytes, ISO_8859_1));
    }
  }

  private static void change(JsonNode tree, Random random) {
    var objects = new java.util.ArrayList<ObjectNode>();
    collect(tree, objects);
    var object = objects.get(random.nextInt(objects.size()));
    var names = List.copyOf(object.propertyNames());
    if (names.isEmpty()) return;
    String name = names.get(random.nextInt(names.size()));
    switch (random.nextInt(7)) {
      case 0 -> object.remove(name);
      case 1 -> object.putNull(name);
      case 2 -> object.put(name, random.nextLong());
      case 3 -> object.put(name, random.nextDouble());
      case 4 -> object.put(name, STRANGE.get(random.nextInt(STRANGE.size())));
      case 5 -> object.set(name, JsonNodeFactory.instance.arrayNode().add(object.deepCopy()));
      default -> object.set(name, objects.get(random.nextInt(objects.size())).deepCopy());
    }
  }

  private static void collect(JsonNode node, List<ObjectNode> objects) {
    if (node instanceof ObjectNode object) {
      objects.add(object);
      object.properties().forEach(member -> collect(member.getValue(), objects));
    } else if (node instanceof ArrayNode array) {
      array.forEach(element -> collect(element, objects));
    }
  }
}
