package millrace.standalone.demo;

import java.net.URI;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.BooleanSupplier;
import millrace.protocol.type.Amount;
import millrace.standalone.demo.Stage.Stall;
import millrace.standalone.hub.LocalHub;
import tools.jackson.databind.JsonNode;

/// The merchants of the demo: made, set up and paid over the hub's own REST API.
final class Market {
  private final LocalHub hub;
  private final Map<Stall, Merchant> merchants;

  private Market(LocalHub hub, Map<Stall, Merchant> merchants) {
    this.hub = hub;
    this.merchants = merchants;
  }

  /// @param url where payers buy
  private record Merchant(HubApi api, URI url) {}

  static Market open(LocalHub hub, HubApi operator, Stage stage, Shop shop, Partner partner)
      throws InterruptedException {
    var merchants = new HashMap<Stall, Merchant>();
    for (var stall : stage.stalls()) {
      var made =
          operator.post(
              "/v1/merchants",
              Map.of("name", stall.name(), "payout_address", stall.payoutAddress().toString()));
      var api = operator.as(made.path("api_key").path("secret").asString());
      var route =
          api.post(
              "/v1/routes",
              Map.of(
                  "upstream_url",
                  shop.url("/" + stall.name()),
                  "price",
                  stall.price().toString(),
                  "description",
                  stall.name()));
      var endpoint =
          api.post(
              "/v1/webhook_endpoints",
              Map.of(
                  "url",
                  partner.url(stall.name()),
                  "events",
                  List.of("payment.succeeded", "payout.paid", "withdrawal.answered")));
      partner.trust(stall.name(), endpoint.path("secret").asString());
      merchants.put(
          stall, new Merchant(api, URI.create(hub.url() + route.path("path").asString())));
    }
    return new Market(hub, Map.copyOf(merchants));
  }

  URI urlOf(Stall stall) {
    return merchant(stall).url();
  }

  /// Asks for everything each merchant is owed and waits until it has arrived.
  ///
  /// @return what each got on chain
  Map<Stall, Amount> payOut(Duration patience) throws InterruptedException {
    for (var merchant : merchants.values()) merchant.api().post("/v1/payouts", Map.of());
    await("payouts", patience, this::arePaid);
    var arrived = new HashMap<Stall, Amount>();
    for (var stall : merchants.keySet()) {
      arrived.put(stall, hub.chain().tokenBalance(stall.payoutAddress()));
    }
    return arrived;
  }

  private boolean arePaid() {
    for (var merchant : merchants.values()) {
      for (var payout : payouts(merchant)) {
        if (!payout.path("status").asString().equals("paid")) return false;
      }
    }
    return true;
  }

  private static List<JsonNode> payouts(Merchant merchant) {
    try {
      return new ArrayList<>(merchant.api().get("/v1/payouts").path("data").values());
    } catch (InterruptedException interruption) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException(interruption);
    }
  }

  private Merchant merchant(Stall stall) {
    var merchant = merchants.get(stall);
    if (merchant == null) throw new IllegalArgumentException("no such stall: " + stall);
    return merchant;
  }

  static void await(String what, Duration patience, BooleanSupplier done)
      throws InterruptedException {
    long deadline = System.nanoTime() + patience.toNanos();
    while (!done.getAsBoolean()) {
      if (System.nanoTime() > deadline) {
        throw new IllegalStateException(what + " not done after " + patience.toSeconds() + " s");
      }
      Thread.sleep(100);
    }
  }
}
