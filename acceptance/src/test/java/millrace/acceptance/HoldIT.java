package millrace.acceptance;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpResponse;
import java.util.Map;
import millrace.protocol.eip712.SigningKey;
import millrace.protocol.type.Amount;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import tools.jackson.databind.JsonNode;

/// The stock client pays into holds that a merchant captures for less or cancels, and goes on
/// paying from its credit without knowing of it.
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class HoldIT {
  private static final long ORDER = 1_000;
  private static final long PRICE = 100;

  private final Hub hub;
  private final StockClients clients;
  private final Upstream upstream = new Upstream();
  private final Merchant merchant;
  private final Shop shop;
  private final URI route;
  private long charged;

  HoldIT() throws Exception {
    StockClients.requireInstalled();
    hub = Hub.running();
    clients = StockClients.start(hub.directory().resolve("stock-clients-of-holds.log"));
    SigningKey key = Merchant.fresh("holder");
    hub.chain().fund(key.address(), Amount.of(1_000_000));
    merchant = Merchant.at(hub, "Hotel");
    shop = new Shop(merchant, Amount.of(ORDER));
    route = merchant.route(upstream, Amount.of(PRICE));
    clients.command(
        "open",
        Map.of(
            "client", "holder",
            "key", key.secret().toString(),
            "rpcUrl", hub.chain().rpcUrl(),
            "network", Hub.NETWORK.toString(),
            "directory", hub.directory().resolve("holder").toString()));
  }

  @AfterAll
  void close() throws InterruptedException {
    clients.end();
    upstream.close();
    shop.close();
  }

  @Test
  void theStockClientGoesOnAfterAHoldThatWasCapturedForLess() throws Exception {
    pay(shop.url(), ORDER);
    assertThat(shop.held().getLast().path("status").stringValue()).isEqualTo("held");
    assertThat(merchant.balance().earned()).isEqualTo(Amount.ZERO);

    var captured = Rest.json(end("capture", "{\"amount\":\"600\"}"));
    assertThat(captured.path("status").stringValue()).isEqualTo("succeeded");
    assertThat(captured.path("amount").stringValue()).isEqualTo("600");
    assertThat(end("capture", "{\"amount\":\"600\"}").statusCode()).isEqualTo(200);
    assertThat(end("capture", "{\"amount\":\"700\"}").statusCode()).isEqualTo(409);
    assertThat(merchant.balance().earned()).isEqualTo(Amount.of(600));

    // 400 of credit: 99 of each price, while there is so much.
    for (long expected : new long[] {1, 1, 1, 1, 96, 100, 100}) pay(route, expected);
    assertThat(merchant.balance().earned()).isEqualTo(Amount.of(600 + 7 * PRICE));
    assertThat(upstream.served()).isEqualTo(7);

    pay(shop.url(), ORDER);
    var canceled = Rest.json(end("cancel", ""));
    assertThat(canceled.path("status").stringValue()).isEqualTo("canceled");
    pay(route, 1);
    pay(shop.url(), ORDER - 901);
    Rest.json(end("capture", ""));
    assertThat(merchant.balance().earned()).isEqualTo(Amount.of(1_600 + 8 * PRICE));

    Journal.inOrder(hub);
    Journal.shown(merchant);
    Progress.say("stock client: holds captured for less and canceled, credit used up");
  }

  private void pay(URI url, long anew) {
    var reply = clients.command("pay", Map.of("client", "holder", "url", url.toString()));
    assertThat(reply.path("status").intValue()).as("paid: %s", reply).isEqualTo(200);
    var extra = reply.path("receipt").path("extra");
    charged += anew;
    assertThat(text(extra, "chargedAmount")).as("charged anew: %s", reply).isEqualTo("" + anew);
    assertThat(text(extra.path("channelState"), "chargedCumulativeAmount")).isEqualTo("" + charged);
  }

  private HttpResponse<String> end(String how, String body)
      throws IOException, InterruptedException {
    var id = shop.held().getLast().path("id").stringValue();
    return Rest.post(hub.gateway("/v1/payments/" + id + "/" + how), merchant.authorized(), body);
  }

  private static String text(JsonNode node, String name) {
    return node.path(name).stringValue();
  }
}
