package millrace.acceptance;

import static java.util.Locale.ROOT;
import static org.assertj.core.api.Assertions.assertThat;

import java.math.BigInteger;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.stream.Stream;
import millrace.embedded.DevChain;
import millrace.protocol.type.Address;
import millrace.protocol.type.Amount;
import millrace.protocol.type.Signature;
import org.junit.jupiter.api.Test;
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

  /// By a stranger, who knows nothing but the promise, with the program of the documentation.
  private static void redeem(DevChain chain, JsonNode promise) throws Exception {
    var file = Files.createTempFile("promise", ".json");
    var stranger = Merchant.fresh("stranger");
    chain.setBalance(stranger.address(), BigInteger.TEN.pow(18));
    var rpc = chain.rpcUrl();

    Files.writeString(file, promise.toString());
    var seen = ran(file);
    var promised = promise.path("cumulative").stringValue();
    assertThat(seen.toLowerCase(ROOT))
        .contains(promise.path("key").stringValue() + " promises ")
        .contains(" " + promised + " in all");
    assertThat(ran(file, rpc))
        .contains("to redeem " + promised + ", of which is there " + promised);
    assertThat(ran(file, rpc, stranger.secret().toString()))
        .contains("redeem: success", "withdrawFor: success");
    assertThat(ran(file, rpc)).contains("to redeem 0");

    Files.writeString(file, promise.toString().replace(promised, promised + "0"));
    var refused = PromiseProgram.run(file.toString(), rpc);
    assertThat(refused.exit()).as(refused.output()).isNotZero();
    assertThat(refused.output()).contains("no key of the vault: ");
    Files.delete(file);
  }

  private static String ran(Path file, String... more) throws Exception {
    var arguments = Stream.concat(Stream.of(file.toString()), Stream.of(more));
    var result = PromiseProgram.run(arguments.toArray(String[]::new));
    assertThat(result.exit()).as(result.output()).isZero();
    return result.output();
  }

  private static Address address(JsonNode node, String name) {
    return Address.of(node.path(name).stringValue());
  }

  private static Amount amount(JsonNode node, String name) {
    return Amount.of(node.path(name).stringValue());
  }
}
