package millrace.protocol.x402;

import static millrace.protocol.channel.Samples.ALICE;
import static millrace.protocol.channel.Samples.amount;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.math.BigInteger;
import java.time.Instant;
import java.util.Optional;
import java.util.function.Consumer;
import millrace.protocol.channel.ChannelConfig;
import millrace.protocol.type.Address;
import millrace.protocol.type.Bytes32;
import millrace.protocol.x402.Parsed.Malformed;
import millrace.protocol.x402.Parsed.Ok;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/// One offer and what Alice sends for it.
final class Wire {
  static final JsonMapper JSON = JsonMapper.shared();
  static final Instant NOW = Instant.ofEpochSecond(1_900_000_000);
  static final Address VAULT = Address.of("0x7a7a7a7a7a7a7a7a7a7a7a7a7a7a7a7a7a7a7a7a");
  static final Network NETWORK = Network.of(31337);
  static final Resource RESOURCE =
      new Resource("https://api.example/weather", "Weather, hourly", "application/json");
  static final PaymentRequirements OFFER =
      new PaymentRequirements(
          NETWORK,
          amount(1000),
          Address.of("0x7070707070707070707070707070707070707070"),
          VAULT,
          300,
          Extra.of("USD Coin", "1", VAULT, 900, amount(10_000)));
  static final PayerKeys KEYS = PayerKeys.of(ALICE);
  static final ChannelConfig CONFIG = KEYS.channelFor(OFFER, Bytes32.ZERO);
  static final Bytes32 SALT = Bytes32.of("0x" + "5a".repeat(32));
  static final Bytes32 TRANSACTION = Bytes32.of("0x" + "7e".repeat(32));
  static final ChannelState STATE =
      new ChannelState(
          Deployment.CANONICAL.domain(NETWORK).channelId(CONFIG),
          amount(10_000),
          amount(3000),
          0,
          BigInteger.ONE,
          amount(5000));

  private Wire() {}

  static PaymentPayload paying(ChannelPayload payload) {
    return new PaymentPayload(OFFER, payload, Optional.of(RESOURCE), Extensions.NONE);
  }

  static PaymentPayload voucher() {
    return paying(KEYS.voucher(OFFER, CONFIG, amount(6000)));
  }

  static PaymentPayload deposit() {
    return paying(KEYS.deposit(OFFER, CONFIG, amount(1000), amount(10_000), SALT, NOW));
  }

  static PaymentPayload refund() {
    return paying(KEYS.refund(OFFER, CONFIG, amount(5000), Optional.of(amount(2000))));
  }

  static VoucherState voucherState() {
    var newest = KEYS.sign(NETWORK, CONFIG, amount(5000));
    return new VoucherState(newest.voucher().ceiling(), newest.signature());
  }

  static String file(String name) {
    try (var file = Wire.class.getResourceAsStream("/x402/" + name + ".json")) {
      return new String(file.readAllBytes(), java.nio.charset.StandardCharsets.UTF_8);
    } catch (IOException missing) {
      throw new UncheckedIOException(missing);
    }
  }

  static JsonNode tree(String json) {
    return JSON.readTree(json);
  }

  /// The message with something else in it.
  static String changed(String json, String pointerToObject, Consumer<ObjectNode> change) {
    var root = (ObjectNode) tree(json);
    change.accept((ObjectNode) root.at(pointerToObject));
    return JSON.writeValueAsString(root);
  }

  static <T> T ok(Parsed<T> parsed) {
    return switch (parsed) {
      case Ok<T>(var value) -> value;
      case Malformed<T> malformed -> throw new AssertionError(malformed);
    };
  }
}
