package millrace.contracts;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.math.BigInteger;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.web3j.crypto.Hash;
import org.web3j.protocol.core.Request;
import org.web3j.protocol.core.methods.response.TransactionReceipt;
import org.web3j.protocol.core.methods.response.VoidResponse;

/// What the receipts of a real chain say an operation costs, against limits: the goal where it is
/// reached, a little above what was measured where it is not. The table is left in `target/gas.md`.
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class GasIT {
  private static final int ROWS = 100;
  private static final byte[] NONE = new byte[0];
  private static final BigInteger FIRST = BigInteger.valueOf(12_345_678);
  private static final BigInteger SECOND = BigInteger.valueOf(13_456_789);
  private static final int EXIT = 1000;
  private static final int DIRECT = 2000;

  private static final Map<String, Long> LIMITS =
      Map.ofEntries(
          Map.entry("deposit by EIP-3009, new channel", 120_000L),
          Map.entry("compact claim through the vault, 1 short row", 50_000L),
          Map.entry("compact claim through the vault, 10 short rows", 150_000L),
          Map.entry("compact claim through the vault, 100 short rows", 1_150_000L),
          Map.entry("compact claim through the vault, 100 long rows", 1_300_000L),
          Map.entry("claim through the vault, 1 row", 60_300L),
          Map.entry("claim through the vault, 10 rows", 272_000L),
          Map.entry("claim through the vault, 100 rows", 2_406_000L),
          Map.entry("exit: initiateWithdraw", 52_000L),
          Map.entry("exit: finalizeWithdraw", 48_000L),
          Map.entry("credit, 100 known payees", 650_000L),
          Map.entry("credit and push, 100 known payees", 1_500_000L),
          Map.entry("redeem, known payee", 63_000L));

  private final Map<String, Long> measured = new LinkedHashMap<>();
  private Scene scene;

  @BeforeAll
  void set() throws Exception {
    scene = Scene.set(IntStream.rangeClosed(0, ROWS).mapToObj(GasIT::payee).toList());
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
    compactClaims();
    credits();
    exits();

    LIMITS.forEach(
        (name, limit) -> assertThat(measured.get(name)).as(name).isLessThanOrEqualTo(limit));
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

  private void compactClaims() throws Exception {
    for (int payer = 0; payer < ROWS; payer++) scene.depositPlain(payer);
    compact(shortRows(0, ROWS, BigInteger.ONE), NONE);
    note("compact claim through the vault, 1 short row", compact(shortRows(0, 1, FIRST), NONE));
    note("compact claim through the vault, 10 short rows", compact(shortRows(1, 11, FIRST), NONE));
    note(
        "compact claim through the vault, 100 short rows",
        compact(shortRows(0, ROWS, SECOND), NONE));
    note("compact claim through the vault, 100 long rows", compact(NONE, longRows(ROWS)));
    note(
        "compact claim through the vault, 100 rows that are all old",
        compact(shortRows(0, ROWS, FIRST), NONE));
  }

  private TransactionReceipt compact(byte[] shortRows, byte[] longRows) throws Exception {
    return scene.vault().claimCompactRows(scene.compactBatch(shortRows, longRows)).send();
  }

  private byte[] shortRows(int from, int to, BigInteger total) throws Exception {
    var rows = new ByteArrayOutputStream();
    for (int payer = from; payer < to; payer++) rows.writeBytes(scene.shortRow(payer, total));
    return rows.toByteArray();
  }

  private byte[] longRows(int to) throws Exception {
    var total = SECOND.add(FIRST.shiftRight(1));
    var rows = new ByteArrayOutputStream();
    for (int payer = 0; payer < to; payer++) {
      rows.writeBytes(scene.longRow(payer, total.add(BigInteger.TEN), total));
    }
    return rows.toByteArray();
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

  private TransactionReceipt credit(List<byte[]> rows, boolean push) throws Exception {
    return scene.vault().credit(scene.token().getContractAddress(), rows, push).send();
  }

  private List<HubVault.VoucherClaim> rows(int from, int to, BigInteger total) throws Exception {
    var rows = new ArrayList<HubVault.VoucherClaim>();
    for (int salt = from; salt < to; salt++) rows.add(scene.vaultRow(salt, total));
    return rows;
  }

  private static List<byte[]> promises(int from, int to, long total) {
    var rows = new ArrayList<byte[]>();
    for (int i = from; i < to; i++) rows.add(promise(payee(i), total));
    return rows;
  }

  private static byte[] promise(String payee, long total) {
    return Scene.promise(payee, BigInteger.valueOf(total));
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
