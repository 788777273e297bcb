package millrace.acceptance;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.math.BigInteger;
import java.net.URI;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.Map;
import millrace.protocol.eip712.SigningKey;
import millrace.protocol.type.Amount;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import tools.jackson.databind.JsonNode;

/// A merchant gives the stock client a payment back, and the client goes on paying from its credit
/// without knowing of it. The hub keeps a fee, and every step is in the merchant's balance
/// transactions.
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class RefundIT {
  private static final Duration SOON = Duration.ofSeconds(60);
  private static final long PRICE = 100;
  private static final long FEE = 5;

  private final Hub hub;
  private final StockClients clients;
  private final Upstream upstream = new Upstream();
  private final Merchant merchant;
  private final URI route;
  private long charged;

  RefundIT() throws Exception {
    StockClients.requireInstalled();
    hub = Hub.running();
    clients = StockClients.start(hub.directory().resolve("stock-clients-of-refunds.log"));
    SigningKey key = Merchant.fresh("unhappy");
    hub.chain().fund(key.address(), Amount.of(1_000_000));
    merchant = Merchant.at(hub, "Bakery");
    route = merchant.route(upstream, Amount.of(PRICE));
    clients.command(
        "open",
        Map.of(
            "client", "unhappy",
            "key", key.secret().toString(),
            "rpcUrl", hub.chain().rpcUrl(),
            "network", Hub.NETWORK.toString(),
            "directory", hub.directory().resolve("unhappy").toString()));
  }

  @AfterAll
  void close() throws InterruptedException {
    clients.end();
    upstream.close();
  }

  @Test
  void theStockClientGoesOnAfterARefundAsCredit() throws Exception {
    Rest.json(
        Rest.put(
            hub.gateway("/v1/merchants/" + merchant.id() + "/fee"),
            Map.of("Authorization", "Bearer " + Hub.OPERATOR_KEY),
            "{\"flat\":\"" + FEE + "\",\"basis_points\":0}"));
    for (int i = 0; i < 3; i++) pay(PRICE);
    var payment = merchant.payments(3, SOON).getFirst();

    var refund = Rest.json(refund("once", payment, "100"));
    assertThat(text(merchant.ended(refund, SOON), "status")).isEqualTo("succeeded");
    assertThat(refund("once", payment, "100").statusCode()).isEqualTo(200);
    assertThat(refund("once", payment, "99").statusCode()).isEqualTo(422);
    assertThat(refund("twice", payment, "1").statusCode()).isEqualTo(422);
    assertThat(merchant.balance().earned()).isEqualTo(Amount.of(3 * (PRICE - FEE) - 100));

    // 100 of credit: 99 of the next price, 1 of the one after it.
    for (long expected : new long[] {1, 99, 100}) pay(expected);
    assertThat(upstream.served()).isEqualTo(6);
    var earned = Amount.of(6 * (PRICE - FEE) - 100);
    assertThat(merchant.balance().earned()).isEqualTo(earned);
    Journal.inOrder(hub);
    Eventually.holds("the books show it all", SOON, () -> nets().equals(earned.units()));
    Progress.say("stock client: a payment given back, credit used up");
  }

  private void pay(long anew) {
    var reply = clients.command("pay", Map.of("client", "unhappy", "url", route.toString()));
    assertThat(reply.path("status").intValue()).as("paid: %s", reply).isEqualTo(200);
    var extra = reply.path("receipt").path("extra");
    charged += anew;
    assertThat(text(extra, "chargedAmount")).as("charged anew: %s", reply).isEqualTo("" + anew);
    assertThat(text(extra.path("channelState"), "chargedCumulativeAmount")).isEqualTo("" + charged);
  }

  private HttpResponse<String> refund(String key, String payment, String amount)
      throws IOException, InterruptedException {
    return merchant.refund(key, Map.of("payment", payment, "amount", amount));
  }

  private BigInteger nets() throws IOException, InterruptedException {
    var page =
        Rest.json(
            Rest.get(hub.gateway("/v1/balance_transactions?limit=100"), merchant.authorized()));
    var sum = BigInteger.ZERO;
    for (var one : page.path("data")) sum = sum.add(new BigInteger(text(one, "net")));
    return sum;
  }

  private static String text(JsonNode node, String name) {
    return node.path(name).stringValue();
  }
}
