package millrace.contracts;

import static org.assertj.core.api.Assertions.assertThat;

import java.math.BigInteger;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.web3j.crypto.Hash;
import org.web3j.protocol.core.Request;
import org.web3j.protocol.core.methods.response.TransactionReceipt;
import org.web3j.protocol.core.methods.response.VoidResponse;

/// What the receipts of a real chain say an operation costs, against limits a little above what was
/// measured when they were set. The table is left in `target/gas.md`.
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class GasIT {
  private static final int ROWS = 100;
  private static final BigInteger FIRST = BigInteger.valueOf(12_345_678);
  private static final BigInteger SECOND = BigInteger.valueOf(13_456_789);
  private static final int EXIT = 1000;
  private static final int DIRECT = 2000;

  private static final Map<String, Long> LIMITS =
      Map.of(
          "deposit by EIP-3009, new channel", 121_000L,
          "claim through the vault, 1 row", 55_000L,
          "claim through the vault, 100 rows", 2_120_000L,
          "exit: initiateWithdraw", 54_000L,
          "exit: finalizeWithdraw", 51_000L,
          "credit, 100 known payees", 1_240_000L,
          "redeem, known payee", 63_000L);

  private final Map<String, Long> measured = new LinkedHashMap<>();
  private Scene scene;

  @BeforeAll
  void set() throws Exception {
    scene = Scene.set(promises(0, ROWS + 1, 0).stream().map(row -> row.payee).toList());
    // As on a chain in use, neither escrow nor vault starts from nothing.
    scene.token().mint(scene.channels().getContractAddress(), Scene.DEPOSIT).send();
    scene.token().mint(scene.vault().getContractAddress(), Scene.DEPOSIT).send();
  }

  @AfterAll
  void close() throws Exception {
    scene.close();
    var table = new StringBuilder("| operation | gas |\n|---|---|\n");
    measured.forEach((name, gas) -> table.append("| %s | %d |\n".formatted(name, gas)));
    Files.writeString(Files.createDirectories(Path.of("target")).resolve("gas.md"), table);
  }

  @Test
  void operationsCostNoMoreThanTheyDid() throws Exception {
    deposits();
    claims();
    credits();
    exits();

    LIMITS.forEach((name, limit) -> assertThat(measured.get(name)).as(name).isLessThan(limit));
  }

  private void deposits() throws Exception {
    note("deposit by EIP-3009, new channel", scene.deposit(scene.vaultTerms(0), 1));
    note("deposit by EIP-3009, top-up", scene.deposit(scene.vaultTerms(0), 2));
    for (int salt = 1; salt < ROWS; salt++) scene.deposit(scene.vaultTerms(salt), 1);
  }

  private void claims() throws Exception {
    // The receiver's total starts at zero once in the life of a vault; that is not what counts.
    scene.vault().claim(rows(0, 1, BigInteger.ONE)).send();
    settle(scene.vault().getContractAddress());

    note("claim through the vault, 1 row", scene.vault().claim(rows(0, 1, FIRST)).send());
    note("claim through the vault, 10 rows", scene.vault().claim(rows(1, 11, FIRST)).send());
    var direct = scene.terms(DIRECT, Anvil.HUB.getAddress());
    scene.deposit(direct, 1);
    scene.channels().claim(List.of(scene.row(direct, BigInteger.ONE))).send();
    note(
        "claim by the receiver itself, 1 row",
        scene.channels().claim(List.of(scene.row(direct, FIRST))).send());
    note("claim through the vault, 100 rows", scene.vault().claim(rows(0, ROWS, SECOND)).send());
    note("settle", settle(scene.vault().getContractAddress()));
    var withBad = new ArrayList<>(rows(0, 9, SECOND.add(BigInteger.ONE)));
    withBad.add(scene.vaultRow(5000, FIRST)); // A channel that holds nothing.
    note("claim through the vault, 10 rows of which 1 bad", scene.vault().claim(withBad).send());
  }

  private void credits() throws Exception {
    var token = scene.token().getContractAddress();
    var one = payee(ROWS);
    note("credit, 1 payee, first time", credit(List.of(promise(one, 1000)), false));
    note("credit, 1 known payee", credit(List.of(promise(one, 2000)), false));
    note("withdrawFor, first payment of a payee", scene.vault().withdrawFor(one, token).send());
    note("credit, 10 payees, first time", credit(promises(0, 10, 1000), false));
    credit(promises(10, ROWS, 1000), true);
    note("credit, 10 known payees", credit(promises(0, 10, 2000), false));
    credit(promises(0, 10, 2000), true);
    note("credit, 100 known payees", credit(promises(0, ROWS, 3000), false));
    note("credit and push, 10 known payees", credit(promises(0, 10, 4000), true));
    note("credit and push, 100 known payees", credit(promises(0, ROWS, 5000), true));
    var digest = scene.vault().promiseDigest(one, token, BigInteger.valueOf(3000)).send();
    var signature = Scene.sign(Anvil.HUB, digest);
    note(
        "redeem, known payee",
        scene.vault().redeem(one, token, BigInteger.valueOf(3000), signature).send());
  }

  private void exits() throws Exception {
    var terms = scene.vaultTerms(EXIT);
    scene.deposit(terms, 1);
    var payer = scene.channelsAs(Anvil.PAYER);
    note("exit: initiateWithdraw", payer.initiateWithdraw(terms, Scene.DEPOSIT).send());
    wait(901);
    note("exit: finalizeWithdraw", payer.finalizeWithdraw(terms).send());

    scene.deposit(terms, 2);
    note(
        "refund through the vault, with its claim",
        scene.vault().refund(scene.vaultRow(EXIT, FIRST), BigInteger.valueOf(1_000_000)).send());
    note(
        "refund through the vault, second of a day",
        scene.vault().refund(scene.vaultRow(EXIT, SECOND), BigInteger.valueOf(1_000_000)).send());
    var direct = scene.terms(DIRECT, Anvil.HUB.getAddress());
    note(
        "refund by the receiver itself, first of a channel",
        scene.channels().refund(direct, BigInteger.valueOf(1_000_000)).send());
  }

  private TransactionReceipt settle(String receiver) throws Exception {
    return scene.channels().settle(receiver, scene.token().getContractAddress()).send();
  }

  private TransactionReceipt credit(List<HubVault.PromisedTotal> rows, boolean push)
      throws Exception {
    return scene.vault().credit(scene.token().getContractAddress(), rows, push).send();
  }

  private List<HubVault.VoucherClaim> rows(int from, int to, BigInteger total) throws Exception {
    var rows = new ArrayList<HubVault.VoucherClaim>();
    for (int salt = from; salt < to; salt++) rows.add(scene.vaultRow(salt, total));
    return rows;
  }

  private static List<HubVault.PromisedTotal> promises(int from, int to, long total) {
    var rows = new ArrayList<HubVault.PromisedTotal>();
    for (int i = from; i < to; i++) rows.add(promise(payee(i), total));
    return rows;
  }

  private static HubVault.PromisedTotal promise(String payee, long total) {
    return new HubVault.PromisedTotal(payee, BigInteger.valueOf(total));
  }

  /// Addresses with as few zero bytes as real ones have; a zero byte of calldata is cheaper.
  private static String payee(int i) {
    return Hash.sha3String("payee" + i).substring(0, 42);
  }

  private void wait(int seconds) throws Exception {
    var http = scene.anvil().http();
    new Request<>("evm_increaseTime", List.of(seconds), http, VoidResponse.class).send();
    new Request<>("evm_mine", List.of(), http, VoidResponse.class).send();
  }

  private void note(String name, TransactionReceipt receipt) {
    measured.put(name, receipt.getGasUsed().longValueExact());
  }
}
