package millrace.acceptance;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.function.Function;

/// What a merchant hands over in the course of a test: payments of several channels, most of them
/// good.
final class Script {
  static final int CHANNELS = 7;
  static final List<Long> PRICES = List.of(10L, 20L, 30L);

  /// Nothing was ever paid into the last one.
  static final int UNKNOWN_CHANNEL = CHANNELS - 1;

  private static final List<String> MALFORMED =
      List.of(
          "",
          "{",
          "[]",
          "{} {}",
          "{\"amount\":\"10\"}",
          "{\"merchant\":\"mer_1\",\"amount\":\"10\"}",
          "{\"payment_signature\":\"eA==\",\"amount\":10,\"resource\":{\"url\":\"u\"}}",
          "{\"payment_signature\":\"eA==\",\"amount\":\"0\",\"resource\":{\"url\":\"u\"}}",
          "{\"payment_signature\":\"eA==\",\"amount\":\"10\",\"resource\":{\"url\":\"u\"}}");

  private final Random random;
  private final long[] charged = new long[CHANNELS];
  private final List<List<Step>> earlier = new ArrayList<>();

  private Script(long seed) {
    random = new Random(seed);
    for (int i = 0; i < CHANNELS; i++) earlier.add(new ArrayList<>());
  }

  /// @param channel whose steps must keep their order
  /// @param key the merchant's name for the payment
  /// @param body of a single call
  record Step(int channel, Optional<String> key, Function<Wallet, String> body) {
    /// The same as a line of a batch.
    String line(Wallet wallet) {
      var alone = body.apply(wallet);
      return key.map(name -> "{\"idempotency_key\":\"" + name + "\"," + alone.substring(1))
          .orElse(alone);
    }
  }

  static List<Step> of(long seed, int length) {
    var script = new Script(seed);
    var steps = new ArrayList<Step>();
    while (steps.size() < length) steps.add(script.next(steps.size()));
    return steps;
  }

  private Step next(int number) {
    int channel = random.nextInt(CHANNELS);
    long price = PRICES.get(random.nextInt(PRICES.size()));
    long due = charged[channel] + price;
    return switch (random.nextInt(12)) {
      case 0 -> repeated(channel).orElseGet(() -> good(channel, price, Optional.empty()));
      case 1 -> voucher(channel, price, due + 10, Optional.empty());
      case 2 -> voucher(channel, price, Math.max(1, due - 10), Optional.empty());
      case 3 ->
          new Step(channel, Optional.empty(), w -> body(w.forged(channel, price, due), price));
      case 4 -> malformed(channel);
      case 5 -> mispriced(channel, price);
      case 6 -> good(channel, price, Optional.of("order-" + number));
      case 7 -> renamed(channel, price).orElseGet(() -> good(channel, price, Optional.empty()));
      default -> good(channel, price, Optional.empty());
    };
  }

  private Step good(int channel, long price, Optional<String> key) {
    long due = charged[channel] + price;
    var step = voucher(channel, price, due, key);
    boolean fits = due <= Wallet.BALANCE.units().longValueExact();
    if (fits && channel != UNKNOWN_CHANNEL) {
      charged[channel] = due;
      earlier.get(channel).add(step);
    }
    return step;
  }

  private static Step voucher(int channel, long price, long ceiling, Optional<String> key) {
    return new Step(channel, key, wallet -> body(wallet.voucher(channel, price, ceiling), price));
  }

  private Optional<Step> repeated(int channel) {
    var steps = earlier.get(channel);
    return steps.isEmpty()
        ? Optional.empty()
        : Optional.of(steps.get(random.nextInt(steps.size())));
  }

  /// The key of an earlier payment for another one.
  private Optional<Step> renamed(int channel, long price) {
    return earlier.get(channel).stream()
        .flatMap(step -> step.key().stream())
        .findFirst()
        .map(key -> voucher(channel, price, charged[channel] + price, Optional.of(key)));
  }

  private Step malformed(int channel) {
    var text = MALFORMED.get(random.nextInt(MALFORMED.size()));
    return new Step(channel, Optional.empty(), _ -> text);
  }

  private Step mispriced(int channel, long price) {
    long other = price == 10 ? 20 : 10;
    long due = charged[channel] + price;
    return new Step(
        channel, Optional.empty(), wallet -> body(wallet.voucher(channel, price, due), other));
  }

  private static String body(String signature, long price) {
    return "{\"payment_signature\":\"%s\",\"amount\":\"%d\",\"resource\":{\"url\":\"%s\"}}"
        .formatted(signature, price, "http://shop.example/7");
  }
}
