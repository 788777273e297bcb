package millrace.acceptance;

import static org.assertj.core.api.Assertions.assertThat;

import java.math.BigInteger;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import millrace.embedded.DevChain;
import millrace.protocol.type.Address;
import millrace.protocol.type.Amount;
import millrace.protocol.type.Bytes32;
import millrace.protocol.type.Signature;
import org.junit.jupiter.api.Test;
import org.web3j.abi.FunctionEncoder;
import org.web3j.abi.datatypes.DynamicBytes;
import org.web3j.abi.datatypes.Function;
import org.web3j.abi.datatypes.Type;
import org.web3j.abi.datatypes.generated.Uint128;
import org.web3j.crypto.Keys;
import org.web3j.crypto.Sign;
import org.web3j.crypto.StructuredDataEncoder;
import tools.jackson.databind.JsonNode;

/// A merchant has kept the hub's promise, and then there is no hub any more.
class PromiseIT {
  /// Claimed money is shared by all whom the hub owes something: much, beside what others have
  /// earned before.
  private static final Amount PRICE = Amount.of(100_000);
  private static final Amount DEPOSIT = Amount.of(10_000_000);
  private static final int PAYMENTS = 90;
  private static final Duration LIMIT = Duration.ofMinutes(2);

  @Test
  void aMerchantHasItsPromisePaidWithTheWholeHubSwitchedOff() throws Exception {
    var hub = Hub.running();
    try (var upstream = new Upstream()) {
      var merchant = Merchant.at(hub, "Hanna");
      var url = merchant.route(upstream, PRICE);
      var payer = Spender.at(hub, "promise-" + System.nanoTime());
      payer.mustOpen(url, DEPOSIT);
      for (int i = 1; i < PAYMENTS; i++) payer.mustPay(url);
      var earned = PRICE.times(PAYMENTS);
      assertThat(merchant.balance().earned()).isEqualTo(earned);
      var channel = payer.channel();
      // Whoever leaves is claimed from at once. Nobody has asked for a payout.
      payer.chain().initiateWithdraw(channel.config(), Amount.of(1));

      var promise = awaitPromise(merchant);

      assertThat(signer(promise)).isEqualTo(address(promise, "key"));
      assertThat(address(promise, "payee")).isEqualTo(merchant.payee());
      var promised = amount(promise, "cumulative");
      switchOff(hub);
      redeem(hub.chain(), promise);
      assertThat(hub.chain().tokenBalance(merchant.payee())).isEqualTo(promised);
      Progress.say("promise: %s of %s redeemed without the hub", promised, earned);

      switchOn(hub);
      Eventually.holds(
          "the hub knows what was credited",
          LIMIT,
          () -> amount(shares(merchant), "credited").compareTo(promised) >= 0);
      var shares = shares(merchant);
      assertThat(
              amount(shares, "unclaimed")
                  .plus(amount(shares, "claimed"))
                  .plus(amount(shares, "credited")))
          .isEqualTo(earned);
      merchant.payOut(LIMIT);
      assertThat(hub.chain().tokenBalance(merchant.payee()))
          .as("what was redeemed is not paid again")
          .isEqualTo(earned);
    }
  }

  private static JsonNode awaitPromise(Merchant merchant) throws InterruptedException {
    var found = new JsonNode[1];
    Eventually.holds(
        "a promise without a payout",
        LIMIT,
        () -> {
          var answer =
              Rest.get(merchant.hub().gateway("/v1/balance/promise"), merchant.authorized());
          if (answer.statusCode() == 200) found[0] = Rest.JSON.readTree(answer.body());
          return found[0] != null;
        });
    return found[0];
  }

  private static JsonNode shares(Merchant merchant) throws Exception {
    var answer = Rest.get(merchant.hub().gateway("/v1/balance"), merchant.authorized());
    return Rest.json(answer).path("balances").path(0);
  }

  /// From the answer alone, and not by our own code.
  private static Address signer(JsonNode promise) throws Exception {
    var hash =
        new StructuredDataEncoder(promise.path("typed_data").toString()).hashStructuredData();
    byte[] bytes = Signature.of(promise.path("signature").stringValue()).toArray();
    var signature =
        new Sign.SignatureData(
            bytes[64], Arrays.copyOfRange(bytes, 0, 32), Arrays.copyOfRange(bytes, 32, 64));
    return Address.of("0x" + Keys.getAddress(Sign.signedMessageHashToKey(hash, signature)));
  }

  private static void switchOff(Hub hub) throws InterruptedException {
    for (var service : hub.services().reversed()) service.kill();
    hub.kafka().kill();
    hub.postgres().killImmediately();
  }

  private static void switchOn(Hub hub) throws InterruptedException {
    hub.postgres().restart();
    hub.kafka().start();
    hub.kafka().awaitReady();
    hub.restartServices();
  }

  /// By a stranger, who knows nothing but the promise.
  private static void redeem(DevChain chain, JsonNode promise) throws InterruptedException {
    var vault = address(promise, "vault");
    var payee = new org.web3j.abi.datatypes.Address(promise.path("payee").stringValue());
    var token = new org.web3j.abi.datatypes.Address(promise.path("asset").stringValue());
    var signature = Signature.of(promise.path("signature").stringValue()).toArray();
    var cumulative = new Uint128(amount(promise, "cumulative").units());
    send(chain, vault, "redeem", payee, token, cumulative, new DynamicBytes(signature));
    send(chain, vault, "withdrawFor", payee, token);
  }

  private static void send(DevChain chain, Address to, String function, Type<?>... arguments)
      throws InterruptedException {
    var stranger = Address.of("0x%040x".formatted(0x57a76e));
    chain.setBalance(stranger, BigInteger.TEN.pow(18));
    chain.rpc("anvil_impersonateAccount", stranger.toString());
    var data = FunctionEncoder.encode(new Function(function, List.of(arguments), List.of()));
    var hash =
        Bytes32.of(
            chain
                .rpc(
                    "eth_sendTransaction",
                    Map.of("from", stranger.toString(), "to", to.toString(), "data", data))
                .asString());
    Eventually.holds(
        function + " is mined",
        LIMIT,
        () -> chain.rpc("eth_getTransactionReceipt", hash.toString()).isObject());
    assertThat(chain.rpc("eth_getTransactionReceipt", hash.toString()).path("status").asString())
        .isEqualTo("0x1");
  }

  private static Address address(JsonNode node, String name) {
    return Address.of(node.path(name).stringValue());
  }

  private static Amount amount(JsonNode node, String name) {
    return Amount.of(node.path(name).stringValue());
  }
}
