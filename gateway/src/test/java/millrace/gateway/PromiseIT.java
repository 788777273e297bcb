package millrace.gateway;

import static millrace.gateway.GatewayFixture.code;
import static millrace.gateway.GatewayFixture.json;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.math.BigInteger;
import java.net.http.HttpRequest.BodyPublishers;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.Optional;
import millrace.gateway.GatewayFixture.Account;
import millrace.messaging.event.SettlementEvent.CreditSeen;
import millrace.messaging.event.SettlementEvent.PromiseIssued;
import millrace.protocol.eip712.SigningKey;
import millrace.protocol.type.Address;
import millrace.protocol.type.Amount;
import millrace.protocol.type.Signature;
import millrace.protocol.vault.Promise;
import millrace.protocol.vault.VaultDomain;
import millrace.testkit.TestPostgres;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;

/// What a merchant sees of the promises that settlement makes.
class PromiseIT {
  private static final Duration PATIENCE = Duration.ofSeconds(60);
  private static final SigningKey HUB = SigningKey.of("0x%064x".formatted(77));
  private static final Address TOKEN = GatewayFixture.TERMS.token().address();
  private static int merchants;
  private static GatewayFixture gateway;
  private static TestEvents events;

  private Account merchant;
  private Address payee;

  @BeforeAll
  static void start() throws IOException {
    gateway = new GatewayFixture(TestPostgres.freshDatabase(), Map.of());
    events = new TestEvents();
  }

  @AfterAll
  static void stop() {
    events.close();
    gateway.close();
  }

  @BeforeEach
  void newMerchant() {
    payee = Address.of("0x%040x".formatted(0xfeed00 + ++merchants));
    merchant = merchantPaidAt(payee);
  }

  @Test
  void beforeTheFirstPromiseThereIsNone() {
    var answer = gateway.get(merchant, "/v1/balance/promise");
    assertThat(answer.statusCode()).isEqualTo(404);
    assertThat(code(answer)).isEqualTo("not-found");
  }

  @Test
  void theNewestPromiseCanBeCheckedWithNothingButTheAnswer() {
    events.publish(promise(300, Instant.now()));
    events.publish(promise(500, Instant.now()));
    events.publish(promise(400, Instant.now().plusSeconds(1)));
    var shown = awaitPromise("500");

    var domain =
        new VaultDomain(new BigInteger(shown.get("chain_id").asString()), address(shown, "vault"));
    var promise =
        new Promise(
            address(shown, "payee"),
            address(shown, "asset"),
            Amount.of(shown.get("cumulative").stringValue()));
    assertThat(domain.signer(promise, Signature.of(shown.get("signature").stringValue())))
        .contains(address(shown, "key"));
    assertThat(address(shown, "payee")).isEqualTo(payee);
    assertThat(shown.get("typed_data").get("domain").get("name").stringValue())
        .isEqualTo("Millrace HubVault");
  }

  @Test
  void theSamePromiseByANewerKeyReplacesTheOlder() {
    var first = promise(500, Instant.now());
    events.publish(first);
    awaitPromise("500");
    var signature = HUB.sign(new byte[32]);
    var at = first.at().plusSeconds(1);
    events.publish(new PromiseIssued(payee, TOKEN, Amount.of(500), signature, payee, at));
    await().atMost(PATIENCE).until(() -> address(promiseOf(merchant), "key").equals(payee));
  }

  @Test
  void theBalanceSaysHowMuchIsUnclaimedClaimedAndCredited() {
    shares(StubMoney.EARNED.toString(), "0", "0");
    events.publish(promise(900, Instant.now()));
    shares("4116", "900", "0");
    events.publish(new CreditSeen(payee, TOKEN, Amount.of(350), 12));
    events.publish(new CreditSeen(payee, TOKEN, Amount.of(100), 11));
    shares("4116", "550", "350");
  }

  @Test
  void merchantsOfOneAddressShareThePromiseAndTheThreeAmounts() {
    var other = merchantPaidAt(payee);
    events.publish(promise(900, Instant.now()));
    awaitPromise("900");
    assertThat(promiseOf(other)).isEqualTo(promiseOf(merchant));
    var both = Long.toString(2 * StubMoney.EARNED.units().longValueExact() - 900);
    assertThat(balanceOf(other).get("pending").stringValue()).isEqualTo(both);
  }

  @Test
  void theOperatorSeesTheThreeAmountsOfEveryMerchant() {
    events.publish(promise(900, Instant.now()));
    awaitPromise("900");
    var mine = operatorsView("/v1/admin/balances?limit=1").get("data").get(0);
    assertThat(mine.get("merchant").stringValue()).isEqualTo(merchant.id());
    assertThat(mine.get("pending").stringValue()).isEqualTo("4116");
    assertThat(mine.get("promised").stringValue()).isEqualTo("900");
    assertThat(mine.get("credited").stringValue()).isEqualTo("0");
    var found = operatorsView("/v1/admin/balances?payee=" + payee).get("data");
    assertThat(found.size()).isEqualTo(1);
    assertThat(found.get(0)).isEqualTo(mine);
    assertThat(operatorsView("/v1/admin/balances?payee=0x" + "7".repeat(40)).get("data")).isEmpty();
    assertThat(gateway.get(merchant, "/v1/admin/balances").statusCode()).isEqualTo(401);
  }

  @Test
  void channelServiceIsToldWhereMerchantsArePaid() {
    await()
        .atMost(PATIENCE)
        .until(
            () ->
                Optional.ofNullable(gateway.hub.money.payees.get(merchant.id()))
                    .equals(Optional.of(payee)));
  }

  private void shares(String pending, String promised, String credited) {
    await()
        .atMost(PATIENCE)
        .untilAsserted(
            () -> {
              var balance = balanceOf(merchant);
              assertThat(balance.get("pending").stringValue()).isEqualTo(pending);
              assertThat(balance.get("promised").stringValue()).isEqualTo(promised);
              assertThat(balance.get("credited").stringValue()).isEqualTo(credited);
            });
  }

  private JsonNode awaitPromise(String cumulative) {
    await()
        .atMost(PATIENCE)
        .until(() -> cumulative.equals(promiseOf(merchant).path("cumulative").asString()));
    return promiseOf(merchant);
  }

  private static JsonNode promiseOf(Account account) {
    return json(gateway.get(account, "/v1/balance/promise"));
  }

  private static JsonNode balanceOf(Account account) {
    return json(gateway.get(account, "/v1/balance")).get("balances").get(0);
  }

  private static JsonNode operatorsView(String path) {
    return json(gateway.send(gateway.request("GET", path, GatewayFixture.OPERATOR_KEY)));
  }

  private PromiseIssued promise(long cumulative, Instant at) {
    var domain = new VaultDomain(GatewayFixture.TERMS.chainId(), GatewayFixture.TERMS.vault());
    var amount = Amount.of(cumulative);
    var signature = HUB.sign(domain.digest(new Promise(payee, TOKEN, amount)));
    return new PromiseIssued(payee, TOKEN, amount, signature, HUB.address(), at);
  }

  private static Account merchantPaidAt(Address payee) {
    var made =
        json(
            gateway.send(
                gateway
                    .request("POST", "/v1/merchants", GatewayFixture.OPERATOR_KEY)
                    .POST(
                        BodyPublishers.ofString(
                            "{\"name\":\"Shop\",\"payout_address\":\"%s\"}".formatted(payee)))));
    return new Account(
        made.get("merchant").get("id").stringValue(),
        made.get("api_key").get("secret").stringValue());
  }

  private static Address address(JsonNode node, String name) {
    return Address.of(node.get(name).stringValue());
  }
}
