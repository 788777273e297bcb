package millrace.acceptance;

import static java.util.Locale.ROOT;
import static org.assertj.core.api.Assertions.assertThat;

import java.math.BigInteger;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import millrace.contracts.HubVault;
import millrace.embedded.DevAccount;
import millrace.embedded.DevChain;
import millrace.protocol.type.Address;
import millrace.protocol.type.Amount;
import millrace.protocol.type.Bytes32;
import millrace.protocol.type.Signature;
import org.junit.jupiter.api.Test;
import org.web3j.abi.FunctionEncoder;
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
  private static final Amount EARNED = PRICE.times(PAYMENTS);
  private static final Duration LIMIT = Duration.ofMinutes(2);

  /// Both in one outage, for to switch a hub off and on takes longer than all the rest. Hanna has
  /// a stranger redeem. Marta has a tower, and the operator reaches for what is promised when there
  /// is no hub that could credit it first.
  @Test
  void aStrangerAndAMerchantsTowerHavePromisesPaidWithTheWholeHubSwitchedOff() throws Exception {
    var hub = Hub.running();
    try (var upstream = new Upstream()) {
      var hanna = withEarnings(hub, upstream, "Hanna");
      var marta = withEarnings(hub, upstream, "Marta");
      var promise = awaitPromise(hanna);
      assertThat(signer(promise)).isEqualTo(address(promise, "key"));
      assertThat(address(promise, "payee")).isEqualTo(hanna.payee());
      awaitPromise(marta);
      try (var tower = MerchantTower.of(marta)) {
        // What is promised may still grow until the claim is shared out.
        Eventually.holds(
            "the tower holds the newest promise",
            LIMIT,
            () -> tower.promised().equals(amount(awaitPromise(marta), "cumulative")));
        switchOff(hub);
        redeem(hub.chain(), promise);
        assertThat(hub.chain().tokenBalance(hanna.payee()))
            .isEqualTo(amount(promise, "cumulative"));
        redeemsInTime(hub.chain(), tower, marta);
      } finally {
        switchOn(hub);
      }
      for (var merchant : List.of(hanna, marta)) isPaidOnce(merchant);
    }
  }

  /// Whoever leaves is claimed from at once. Nobody has asked for a payout.
  private static Merchant withEarnings(Hub hub, Upstream upstream, String name) throws Exception {
    var merchant = Merchant.at(hub, name);
    var url = merchant.route(upstream, PRICE);
    var payer = Spender.at(hub, "promise-" + name + System.nanoTime());
    payer.mustOpen(url, DEPOSIT);
    for (int i = 1; i < PAYMENTS; i++) payer.mustPay(url);
    assertThat(merchant.balance().earned()).isEqualTo(EARNED);
    payer.chain().initiateWithdraw(payer.channel().config(), Amount.of(1));
    return merchant;
  }

  private static void redeemsInTime(DevChain chain, MerchantTower tower, Merchant merchant)
      throws Exception {
    var promised = tower.promised();
    assertThat(chain.tokenBalance(merchant.payee())).isEqualTo(Amount.ZERO);
    long takeableFrom = announceTake(chain);
    Eventually.holds(
        "the payee has what it was promised",
        LIMIT,
        () -> chain.tokenBalance(merchant.payee()).equals(promised));
    var redeemed = redeemedAt(chain, merchant.payee());
    assertThat(redeemed).as("before anything can be taken").isLessThan(takeableFrom);
    Progress.say(
        "tower: %s redeemed %d s before the take, without the hub",
        promised, takeableFrom - redeemed);
    takeAndGiveBack(chain);
  }

  private static void isPaidOnce(Merchant merchant) throws Exception {
    var redeemed = merchant.hub().chain().tokenBalance(merchant.payee());
    Eventually.holds(
        "the hub knows what was credited",
        LIMIT,
        () -> amount(shares(merchant), "credited").compareTo(redeemed) >= 0);
    var shares = shares(merchant);
    assertThat(
            amount(shares, "pending")
                .plus(amount(shares, "promised"))
                .plus(amount(shares, "credited")))
        .isEqualTo(EARNED);
    merchant.payOut(LIMIT);
    assertThat(merchant.hub().chain().tokenBalance(merchant.payee()))
        .as("all that was earned and nothing twice")
        .isEqualTo(EARNED);
  }

  /// @return from when on it can be taken, by the chain's clock
  private static long announceTake(DevChain chain) throws InterruptedException {
    var vault = chain.deployment().vault();
    var token = new org.web3j.abi.datatypes.Address(chain.deployment().token().toString());
    send(
        chain,
        DevAccount.DEPLOYER.address(),
        vault,
        "announceTake",
        token,
        new Uint128(BigInteger.ONE));
    return chain.time().plus(chain.deployment().vaultDelay()).getEpochSecond();
  }

  /// While a take is announced settlement keeps that much out of all payouts.
  private static void takeAndGiveBack(DevChain chain) throws InterruptedException {
    var vault = chain.deployment().vault();
    var token = new org.web3j.abi.datatypes.Address(chain.deployment().token().toString());
    var taker = Merchant.fresh("taker").address();
    chain.increaseTime(chain.deployment().vaultDelay());
    send(
        chain,
        DevAccount.DEPLOYER.address(),
        vault,
        "take",
        token,
        new org.web3j.abi.datatypes.Address(taker.toString()));
    var taken = chain.tokenBalance(taker);
    assertThat(taken).isLessThanOrEqualTo(Amount.of(1));
    chain.mint(vault, taken);
  }

  /// When the vault credited the payee alone, as a redemption does.
  private static long redeemedAt(DevChain chain, Address payee) {
    var topic = org.web3j.abi.EventEncoder.encode(HubVault.CREDITED_EVENT);
    var logs =
        chain.rpc(
            "eth_getLogs",
            Map.of(
                "fromBlock",
                "earliest",
                "address",
                chain.deployment().vault().toString(),
                "topics",
                List.of(topic, "0x" + "0".repeat(24) + payee.toString().substring(2))));
    assertThat(logs.size()).isEqualTo(1);
    var block = logs.path(0).path("blockNumber").asString();
    var seconds = chain.rpc("eth_getBlockByNumber", block, false).path("timestamp").asString();
    return Long.decode(seconds);
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

  private static void send(
      DevChain chain, Address sender, Address to, String function, Type<?>... arguments)
      throws InterruptedException {
    chain.setBalance(sender, BigInteger.TEN.pow(18));
    chain.rpc("anvil_impersonateAccount", sender.toString());
    var data = FunctionEncoder.encode(new Function(function, List.of(arguments), List.of()));
    var hash =
        Bytes32.of(
            chain
                .rpc(
                    "eth_sendTransaction",
                    Map.of("from", sender.toString(), "to", to.toString(), "data", data))
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
