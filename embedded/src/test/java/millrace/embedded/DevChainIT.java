package millrace.embedded;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.math.BigInteger;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import millrace.protocol.channel.ChannelsDomain;
import millrace.protocol.type.Address;
import millrace.protocol.type.Amount;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class DevChainIT {
  private static final Address ALICE = DevAccount.payer(0).address();

  @TempDir static Path directory;
  static DevChain chain;

  @BeforeAll
  static void start() {
    chain = DevChain.in(directory).saveEvery(Duration.ZERO).start();
  }

  @AfterAll
  static void stop() {
    chain.close();
  }

  /// Numbers of the stock client. The digest has the separator in it, and that the address.
  @Test
  void theChannelContractSignsForItsCanonicalAddressAsStockClientsDo() {
    var deployment = chain.deployment();
    var domain =
        new ChannelsDomain(BigInteger.valueOf(deployment.chainId()), deployment.channels());
    assertThat(domain.separator())
        .hasToString("0xbf720f8d28a5c76a2f7743512598984fa4b90dd1efdb19af73f64cc6587d68af");

    var getVoucherDigest =
        "0x862bb199"
            + "b35d0ca50d689ba4c5cb4508a2fca17764fa08abbc4d7548020ad0c3e3adbc6f"
            + "%064x".formatted(7000);
    assertThat(call(deployment.channels(), getVoucherDigest))
        .isEqualTo("0xd5c1d0239d1d1f6f722cc1d0134ea9624cf8d8c6e32bcdfc325dd83b36fd47f9");
  }

  @Test
  void theVaultKnowsItsRolesAndDelay() {
    var vault = chain.deployment().vault();
    assertThat(word(vault, "0x69b41170")).isEqualTo(BigInteger.TEN);
    assertThat(word(vault, "0x13f6686d" + padded(DevAccount.WATCHTOWER.address())))
        .isEqualTo(BigInteger.ONE);
    assertThat(word(vault, "0x13f6686d" + padded(ALICE))).isEqualTo(BigInteger.ZERO);
  }

  @Test
  void anybodyCanBeGivenEtherAndTokens() {
    var stranger = Address.of("0x00000000000000000000000000000000000000aa");
    chain.fund(stranger, Amount.of(5_000_000));
    chain.mint(stranger, Amount.of(1));
    assertThat(chain.tokenBalance(stranger)).isEqualTo(Amount.of(5_000_001));
    assertThat(Quantity.read(chain.rpc("eth_getBalance", stranger.toString(), "latest")))
        .isEqualTo(BigInteger.TEN.pow(20));
  }

  @Test
  void goesOnWithTheSameBlocksAndALaterTimeAfterARestart() {
    chain.mint(ALICE, Amount.of(70));
    chain.increaseTime(Duration.ofDays(3));
    var head = chain.blockNumber();
    var hash = hashOf(head);
    var time = chain.time();
    var balance = chain.tokenBalance(ALICE);

    chain.restart();

    assertThat(hashOf(head)).isEqualTo(hash);
    assertThat(chain.time()).isAfterOrEqualTo(time);
    assertThat(chain.tokenBalance(ALICE)).isEqualTo(balance);
    chain.mint(ALICE, Amount.of(1));
    assertThat(chain.tokenBalance(ALICE)).isEqualTo(balance.plus(Amount.of(1)));
  }

  @Test
  void losesWhatWasNotSavedWhenItIsKilled() {
    chain.restart(); // Saves.
    var before = chain.tokenBalance(ALICE);
    chain.mint(ALICE, Amount.of(9));
    chain.killImmediately();
    assertThatThrownBy(() -> chain.blockNumber()).hasMessageContaining("is down");
    chain.restart();
    assertThat(chain.tokenBalance(ALICE)).isEqualTo(before);
  }

  @Test
  void aReorganisationTakesTransactionsBackAndGrowsTheChain() {
    var before = chain.tokenBalance(ALICE);
    chain.mint(ALICE, Amount.of(5));
    var head = chain.blockNumber();
    var hash = hashOf(head);

    chain.reorg(1);

    assertThat(chain.blockNumber()).isEqualTo(head + 1);
    assertThat(hashOf(head)).isNotEqualTo(hash);
    assertThat(chain.tokenBalance(ALICE)).isEqualTo(before);
  }

  @Test
  void movesTimeBlocksAndFeesAsTold() {
    chain.mine(1); // The last block may be old.
    var time = chain.time();
    chain.increaseTime(Duration.ofHours(1));
    assertThat(Duration.between(time, chain.time()))
        .isBetween(Duration.ofMinutes(60), Duration.ofMinutes(61));

    var head = chain.blockNumber();
    chain.mine(5);
    assertThat(chain.blockNumber()).isEqualTo(head + 5);

    var snapshot = chain.snapshot();
    chain.mint(ALICE, Amount.of(1));
    chain.revert(snapshot);
    assertThat(chain.blockNumber()).isEqualTo(head + 5);

    chain.setNextBlockBaseFee(BigInteger.valueOf(777));
    chain.mine(1);
    var block = chain.rpc("eth_getBlockByNumber", "latest", false);
    assertThat(Quantity.read(block.path("baseFeePerGas"))).isEqualTo(777);
  }

  @Test
  void aDroppedTransactionIsNeverMined() {
    chain.setAutomine(false);
    var transaction = Map.of("from", ALICE.toString(), "to", ALICE.toString(), "value", "0x1");
    var hash = chain.rpc("eth_sendTransaction", transaction).asString();
    chain.dropTransaction(hash);
    chain.mine(1);
    chain.setAutomine(true);
    assertThat(chain.rpc("eth_getTransactionReceipt", hash).isNull()).isTrue();
  }

  @Test
  void refusesToGoOnWithOtherContractsThanTheChainHas(@TempDir Path other) {
    DevChain.in(other).start().close();
    assertThatThrownBy(() -> DevChain.in(other).vaultDelay(Duration.ofSeconds(99)).start())
        .hasMessageContaining("have changed since the chain");
  }

  @Test
  void savesByItselfAndMinesRegularly(@TempDir Path other)
      throws IOException, InterruptedException {
    try (var regular =
        DevChain.in(other).blockTimeSeconds(1).saveEvery(Duration.ofMillis(200)).start()) {
      regular.mint(ALICE, Amount.of(3));
      var head = regular.blockNumber();
      // One save may have begun before the coins were there.
      awaitSave(other);
      awaitSave(other);
      while (regular.blockNumber() <= head) Thread.sleep(50);
      regular.killImmediately();
      regular.restart();
      assertThat(regular.tokenBalance(ALICE)).isEqualTo(Amount.of(3));
    }
  }

  private static void awaitSave(Path folder) throws IOException, InterruptedException {
    var state = folder.resolve("state.gz");
    var before = Files.exists(state) ? Files.getLastModifiedTime(state) : null;
    var deadline = Instant.now().plusSeconds(60);
    while (!Files.exists(state) || Files.getLastModifiedTime(state).equals(before)) {
      assertThat(Instant.now()).as("the chain saves itself").isBefore(deadline);
      Thread.sleep(20);
    }
  }

  @Test
  void minesAtOnceAndRegularlyWhenMixed(@TempDir Path other) throws InterruptedException {
    try (var mixed = DevChain.in(other).blockTimeSeconds(1).mixedMining().start()) {
      var head = mixed.blockNumber();
      var deadline = System.nanoTime() + Duration.ofSeconds(60).toNanos();
      while (mixed.blockNumber() <= head) {
        assertThat(System.nanoTime()).as("a block without a transaction").isLessThan(deadline);
        Thread.sleep(50);
      }
    }
  }

  private static String hashOf(long block) {
    return chain.rpc("eth_getBlockByNumber", Quantity.of(block), false).path("hash").asString();
  }

  private static String call(Address contract, String data) {
    return chain
        .rpc("eth_call", Map.of("to", contract.toString(), "data", data), "latest")
        .asString();
  }

  private static BigInteger word(Address contract, String data) {
    return new BigInteger(call(contract, data).substring(2), 16);
  }

  private static String padded(Address address) {
    return "0".repeat(24) + address.toString().substring(2);
  }
}
