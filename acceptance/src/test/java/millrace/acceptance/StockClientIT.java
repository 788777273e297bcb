package millrace.acceptance;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.URI;
import java.util.HashMap;
import java.util.Map;
import millrace.protocol.eip712.SigningKey;
import millrace.protocol.type.Amount;
import millrace.protocol.type.ChannelId;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.MethodOrderer;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.TestMethodOrder;
import tools.jackson.databind.JsonNode;

/// The life of one channel of the stock client, from the first deposit to the last refund. Each
/// step goes on from the one before.
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
@TestMethodOrder(MethodOrderer.OrderAnnotation.class)
class StockClientIT {
  private static final long PRICE = 100;
  private static final long DEPOSIT = Hub.MIN_DEPOSIT.units().longValueExact();

  private final Hub hub;
  private final StockClients clients;
  private final SigningKey key = Merchant.fresh("stock");
  private final Upstream upstream = new Upstream();
  private final Merchant anna;
  private final Merchant bert;
  private final URI annas;
  private final URI berts;
  private String channelId = "";

  StockClientIT() throws Exception {
    StockClients.requireInstalled();
    hub = Hub.running();
    clients = StockClients.start(hub.directory().resolve("stock-clients.log"));
    hub.chain().fund(key.address(), Amount.of(1_000_000));
    anna = Merchant.at(hub, "Anna");
    bert = Merchant.at(hub, "Bert");
    annas = anna.route(upstream, Amount.of(PRICE));
    berts = bert.route(upstream, Amount.of(PRICE));
  }

  @BeforeAll
  void open() {
    open("first");
  }

  @AfterAll
  void close() throws InterruptedException {
    clients.end();
    upstream.close();
  }

  @Test
  @Order(1)
  void theFirstPaymentOpensTheChannelWithADeposit() {
    var paid = pay(annas);

    assertThat(paid.path("body").stringValue()).contains("served");
    var receipt = paid.path("receipt");
    channelId = state(receipt).path("channelId").stringValue();
    assertThat(receipt.path("transaction").stringValue()).startsWith("0x");
    assertThat(receipt.path("amount").stringValue()).isEqualTo("" + DEPOSIT);
    assertCharged(receipt, PRICE);
    Progress.say("stock client: deposit of %d and one payment", DEPOSIT);
  }

  @Test
  @Order(2)
  void vouchersPayTwoMerchantsFromOneChannel() throws Exception {
    payMany(annas, 25);
    payMany(berts, 24);

    assertCharged(pay(berts).path("receipt"), 51 * PRICE);
    assertThat(anna.balance().earned()).isEqualTo(Amount.of(26 * PRICE));
    assertThat(bert.balance().earned()).isEqualTo(Amount.of(25 * PRICE));
    Progress.say("stock client: 50 vouchers for two merchants, one channel");
  }

  @Test
  @Order(3)
  void aRestartOfTheHubInBetweenGoesUnnoticed() throws Exception {
    hub.restartServices();
    Progress.say("all services were restarted");
    // A gateway that was up before channel-service leaves it alone for a moment. Reads wait.
    assertThat(anna.balance().earned()).isEqualTo(Amount.of(26 * PRICE));

    payMany(annas, 24);
    payMany(berts, 25);

    assertThat(anna.balance().earned()).isEqualTo(Amount.of(50 * PRICE));
    assertThat(bert.balance().earned()).isEqualTo(Amount.of(50 * PRICE));
    assertThat(hub.channel(ChannelId.of(channelId)).balance()).isEqualTo(Amount.of(DEPOSIT));
    Progress.say("stock client: 100 payments from the first deposit, restart in between");
  }

  @Test
  @Order(4)
  void aSpentChannelIsToppedUp() {
    var receipt = pay(annas).path("receipt");

    assertThat(receipt.path("amount").stringValue()).isEqualTo("" + DEPOSIT);
    assertThat(state(receipt).path("balance").stringValue()).isEqualTo("" + 2 * DEPOSIT);
    assertCharged(receipt, 101 * PRICE);
    Progress.say("stock client: topped up");
  }

  @Test
  @Order(5)
  void aClientThatLostItsStateGoesOnWhereItWas() {
    open("second");

    var receipt = pay(berts).path("receipt");

    assertThat(receipt.path("transaction").stringValue()).as("no new deposit").isEmpty();
    assertCharged(receipt, 102 * PRICE);
    Progress.say("stock client: resynchronised after a loss of state");
  }

  @Test
  @Order(6)
  void aPartOfTheRestComesBack() {
    var before = hub.chain().tokenBalance(key.address());

    var receipt = refund("1000");

    assertThat(receipt.path("amount").stringValue()).isEqualTo("1000");
    assertThat(hub.chain().tokenBalance(key.address())).isEqualTo(before.plus(Amount.of(1000)));
    assertCharged(pay(annas).path("receipt"), 103 * PRICE);
    Progress.say("stock client: partial refund, and one more payment");
  }

  @Test
  @Order(7)
  void allOfTheRestComesBack() throws IOException, InterruptedException {
    var rest = 2 * DEPOSIT - 1000 - 103 * PRICE;
    var before = hub.chain().tokenBalance(key.address());

    refund(null);

    assertThat(hub.chain().tokenBalance(key.address())).isEqualTo(before.plus(Amount.of(rest)));
    var channel = hub.channel(ChannelId.of(channelId));
    assertThat(channel.balance()).isEqualTo(channel.charged());
    Progress.say("stock client: full refund of %d", rest);
  }

  @Test
  @Order(8)
  void theEmptyChannelIsFundedAgain() throws Exception {
    var receipt = pay(annas).path("receipt");

    assertThat(receipt.path("transaction").stringValue()).startsWith("0x");
    assertCharged(receipt, 104 * PRICE);
    assertThat(anna.balance().earned()).isEqualTo(Amount.of(53 * PRICE));
    assertThat(bert.balance().earned()).isEqualTo(Amount.of(51 * PRICE));
    assertThat(upstream.served()).isEqualTo(104);
    Journal.inOrder(hub);
    Journal.shown(anna);
    Journal.shown(bert);
    Progress.say("stock client: 104 payments, 104 served, ledger balanced");
  }

  /// A client with the same key and nothing in its store.
  private void open(String directory) {
    clients.command(
        "open",
        Map.of(
            "client", "stock",
            "key", key.secret().toString(),
            "rpcUrl", hub.chain().rpcUrl(),
            "network", Hub.NETWORK.toString(),
            "directory", hub.directory().resolve("stock").resolve(directory).toString()));
  }

  private JsonNode pay(URI url) {
    var reply = clients.command("pay", Map.of("client", "stock", "url", url.toString()));
    assertThat(reply.path("status").intValue()).as("paid: %s", reply).isEqualTo(200);
    if (!channelId.isEmpty()) {
      assertThat(state(reply.path("receipt")).path("channelId").stringValue()).isEqualTo(channelId);
    }
    return reply;
  }

  private void payMany(URI url, int count) {
    var reply =
        clients.command(
            "payMany", Map.of("client", "stock", "url", url.toString(), "count", count));
    assertThat(reply.path("served").intValue()).as("served: %s", reply).isEqualTo(count);
    assertThat(reply.path("charged").stringValue()).isEqualTo("" + count * PRICE);
  }

  private JsonNode refund(@Nullable String amount) {
    var url = Map.of("client", "stock", "url", annas.toString());
    var arguments = new HashMap<String, String>(url);
    if (amount != null) arguments.put("amount", amount);
    var receipt = clients.command("refund", arguments).path("receipt");
    assertThat(receipt.path("success").booleanValue()).as("refunded: %s", receipt).isTrue();
    return receipt;
  }

  private static JsonNode state(JsonNode receipt) {
    return receipt.path("extra").path("channelState");
  }

  private static void assertCharged(JsonNode receipt, long inAll) {
    assertThat(state(receipt).path("chargedCumulativeAmount").stringValue())
        .as("receipt: %s", receipt)
        .isEqualTo("" + inAll);
  }
}
