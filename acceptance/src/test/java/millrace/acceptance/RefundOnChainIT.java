package millrace.acceptance;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.Map;
import java.util.TreeMap;
import millrace.protocol.eip712.SigningKey;
import millrace.protocol.type.Amount;
import millrace.protocol.type.ChannelId;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import tools.jackson.databind.JsonNode;

/// A merchant gives the stock client payments back on chain: the tokens are the payer's again to
/// the unit, and the client goes on paying, tops up and leaves without knowing of it.
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class RefundOnChainIT {
  private static final Duration SOON = Duration.ofSeconds(90);
  private static final long PRICE = 2_000;
  private static final long DEPOSIT = Hub.MIN_DEPOSIT.units().longValueExact();

  private final Hub hub;
  private final StockClients clients;
  private final Upstream upstream = new Upstream();
  private final SigningKey key = Merchant.fresh("returning");
  private final Merchant merchant;
  private final URI route;
  private long charged;

  RefundOnChainIT() throws Exception {
    StockClients.requireInstalled();
    hub = Hub.running();
    clients = StockClients.start(hub.directory().resolve("stock-clients-of-refunds-on-chain.log"));
    hub.chain().fund(key.address(), Amount.of(1_000_000));
    merchant = Merchant.at(hub, "Butcher");
    route = merchant.route(upstream, Amount.of(PRICE));
    clients.command(
        "open",
        Map.of(
            "client", "returning",
            "key", key.secret().toString(),
            "rpcUrl", hub.chain().rpcUrl(),
            "network", Hub.NETWORK.toString(),
            "directory", hub.directory().resolve("returning").toString()));
  }

  @AfterAll
  void close() throws InterruptedException {
    clients.end();
    upstream.close();
  }

  @Test
  void theStockClientHasItsTokensBackAndGoesOnPaying() throws Exception {
    var channel = pay();
    for (int i = 0; i < 3; i++) pay();
    var payments = merchant.payments(4, SOON);
    var before = tokens();

    var first = refund("whole", payments.get(0), PRICE);
    assertThat(first.statusCode()).as(first.body()).isEqualTo(201);
    var ended = merchant.ended(Rest.json(first), SOON);
    assertThat(ended.path("status").stringValue()).as("%s", ended).isEqualTo("succeeded");
    assertThat(ended.path("method").stringValue()).isEqualTo("on_chain");
    assertThat(ended.path("transaction").stringValue()).startsWith("0x");
    assertThat(tokens()).isEqualTo(before.plus(Amount.of(PRICE)));
    assertThat(refund("whole", payments.get(0), PRICE).statusCode()).isEqualTo(200);

    // What the refund claimed may be promised by now, so the next one is of fresh money.
    pay(); // Out of the first deposit, though less of it is there than is charged.
    assertThat(tokens()).isEqualTo(before.plus(Amount.of(PRICE)));

    var second = merchant.ended(Rest.json(refund("part", payments.get(1), 1_500)), SOON);
    assertThat(second.path("status").stringValue()).as("%s", second).isEqualTo("succeeded");
    long returned = PRICE + 1_500;
    assertThat(tokens()).isEqualTo(before.plus(Amount.of(returned)));
    assertThat(hub.channel(channel).balance()).isEqualTo(Amount.of(DEPOSIT - returned));
    assertThat(merchant.balance().earned()).isEqualTo(Amount.of(5 * PRICE - returned));
    assertThat(shown(channel).path("returned").stringValue()).isEqualTo("" + returned);

    pay(); // Topped up.
    assertThat(tokens()).isEqualTo(before.plus(Amount.of(returned)).minus(Hub.MIN_DEPOSIT));
    assertThat(merchant.balance().earned()).isEqualTo(Amount.of(6 * PRICE - returned));
    Journal.inOrder(hub);

    leave();
    assertThat(tokens()).isEqualTo(Amount.of(1_000_000 - 6 * PRICE + returned));
    var late = refund("late", payments.get(3), PRICE);
    assertThat(late.statusCode()).as("all is claimed: %s", late.body()).isEqualTo(422);
    assertThat(late.body()).contains("refund-not-on-chain");
    Journal.inOrder(hub);
    Eventually.holds("the books agree", SOON, () -> differences().isEmpty());
    Progress.say("stock client: payments given back on chain, %d units", returned);
  }

  private ChannelId pay() {
    charged += PRICE;
    var reply = clients.command("pay", Map.of("client", "returning", "url", route.toString()));
    assertThat(reply.path("status").intValue()).as("paid: %s", reply).isEqualTo(200);
    var state = reply.path("receipt").path("extra").path("channelState");
    assertThat(state.path("chargedCumulativeAmount").stringValue()).isEqualTo("" + charged);
    return ChannelId.of(state.path("channelId").stringValue());
  }

  private void leave() {
    var arguments = Map.of("client", "returning", "url", route.toString());
    var receipt = clients.command("refund", arguments).path("receipt");
    assertThat(receipt.path("success").booleanValue()).as("refunded: %s", receipt).isTrue();
  }

  private HttpResponse<String> refund(String name, String payment, long amount)
      throws IOException, InterruptedException {
    return merchant.refund(
        name, Map.of("payment", payment, "amount", "" + amount, "method", "on_chain"));
  }

  private JsonNode shown(ChannelId channel) throws IOException, InterruptedException {
    return Rest.json(Rest.get(hub.gateway("/v1/channels/" + channel), merchant.authorized()));
  }

  private Amount tokens() {
    return hub.chain().tokenBalance(key.address());
  }

  /// Other tests of this hub send tokens to the vault from outside.
  private Map<String, String> differences() throws IOException, InterruptedException {
    var operator = Map.of("Authorization", "Bearer " + Hub.OPERATOR_KEY);
    var report =
        Rest.json(Rest.get(hub.gateway("/v1/admin/reconciliation?journal=true"), operator));
    var differences = new TreeMap<String, String>();
    for (var line : report.path("lines")) {
      var difference = line.path("difference").stringValue();
      if (!difference.equals("0")) differences.put(line.path("name").stringValue(), difference);
    }
    differences.remove("vault");
    return differences;
  }
}
