package millrace.bench.load;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.net.URI;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;
import millrace.bench.load.SingleErrand.Form;
import millrace.protocol.x402.Headers;

/// Carries out orders.
final class Generator {
  private static final byte[] BEFORE_SIGNATURE = "{\"payment_signature\":\"".getBytes(UTF_8);
  private static final byte[] LINE_END = "\r\n\r\n".getBytes(US_ASCII);

  private final Consumer<String> progress;
  private final Map<String, Seller> sellers = new HashMap<>();

  Generator(Consumer<String> progress) {
    this.progress = progress;
  }

  /// Where and how a seller is paid.
  record Seller(String name, URI route, Optional<URI> api, Optional<String> apiKey, Wallet wallet) {
    static Seller of(Order.Open open, Wallet wallet) {
      return new Seller(open.seller(), open.route(), open.api(), open.apiKey(), wallet);
    }

    URI api(String path) {
      return api.orElseThrow().resolve(path);
    }

    String key() {
      return apiKey.orElseThrow();
    }
  }

  Reply perform(Order order) throws IOException, InterruptedException {
    long start = System.nanoTime();
    return switch (order) {
      case Order.Open open -> {
        sellers.put(open.seller(), Seller.of(open, Wallet.open(open, progress)));
        yield new Reply.Done(open.channels(), seconds(start));
      }
      case Order.Adopt adopt -> {
        var api = Optional.of(adopt.api());
        var key = Optional.of(adopt.apiKey());
        var wallet = Wallet.adopt(adopt);
        sellers.put(adopt.seller(), new Seller(adopt.seller(), adopt.route(), api, key, wallet));
        yield new Reply.Done(adopt.channels(), seconds(start));
      }
      case Order.Sign sign -> {
        int signed = seller(sign).wallet().sign(sign.channels(), sign.each());
        yield new Reply.Done(signed, seconds(start));
      }
      case Order.Run run -> new Reply.Ran(run(run, seller(run)));
    };
  }

  private Seller seller(Order order) {
    var seller = sellers.get(order.seller());
    if (seller == null) throw new IllegalArgumentException("no channels with " + order.seller());
    return seller;
  }

  private PhaseReport run(Order.Run run, Seller seller) throws IOException {
    var pace = new Pace(run.perSecond(), run.sheds());
    var target = target(run.shape(), seller);
    try (var driver = new Driver(target.address(), errands(run, seller, target), pace, progress)) {
      return driver.run(Duration.ofMillis((long) (run.seconds() * 1_000)));
    }
  }

  static Target target(Shape shape, Seller seller) {
    return switch (shape) {
      case API -> Target.post(seller.api("/v1/payments"), seller.key(), "application/json");
      case BATCH ->
          Target.post(seller.api("/v1/payments/batch"), seller.key(), "application/x-ndjson");
      case PAYWALL, UNPAID -> Target.get(seller.route());
    };
  }

  static List<Errand> errands(Order.Run run, Seller seller, Target target) {
    var purses = seller.wallet().first(run.channels());
    byte[] rest = Target.restOfBody(seller.wallet().price(), seller.wallet().resource().url());
    var errands = new ArrayList<Errand>();
    for (int lane = 0; lane < run.lanes(); lane++) {
      errands.add(
          switch (run.shape()) {
            case API -> single(seller, purses.get(lane), inBody(target, rest));
            case PAYWALL -> single(seller, purses.get(lane), inHeader(target));
            case UNPAID -> new UnpaidErrand(unpaid(target));
            case BATCH -> batch(run, seller, share(purses, lane, run.lanes()), target, rest);
          });
    }
    return errands;
  }

  private static Errand single(Seller seller, Purse purse, Form form) {
    return new SingleErrand(purse, seller.wallet().envelope(purse), form);
  }

  private static Errand batch(
      Order.Run run, Seller seller, List<Purse> purses, Target target, byte[] rest) {
    var payers =
        purses.stream()
            .map(purse -> new BatchErrand.Payer(purse, seller.wallet().envelope(purse)))
            .toList();
    return new BatchErrand(payers, run.lines(), target, BEFORE_SIGNATURE, rest);
  }

  private static List<Purse> share(List<Purse> purses, int lane, int lanes) {
    return purses.subList(purses.size() * lane / lanes, purses.size() * (lane + 1) / lanes);
  }

  static Form inBody(Target target, byte[] rest) {
    return (out, signature) -> {
      target.writeStart(out);
      Target.length(out, BEFORE_SIGNATURE.length + signature.length + rest.length);
      out.put(BEFORE_SIGNATURE).put(signature).put(rest);
    };
  }

  static Form inHeader(Target target) {
    byte[] name = (Headers.PAYMENT_SIGNATURE + ": ").getBytes(US_ASCII);
    return (out, signature) -> {
      target.writeStart(out);
      out.put(name).put(signature).put(LINE_END);
    };
  }

  private static byte[] unpaid(Target target) {
    byte[] start = target.start();
    return ByteBuffer.allocate(start.length + 2).put(start).put(LINE_END, 0, 2).array();
  }

  private static double seconds(long start) {
    return (System.nanoTime() - start) / 1e9;
  }
}
