package millrace.bench.peer;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpRequest;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import millrace.bench.load.LoadProcess;
import millrace.bench.load.Order;
import millrace.bench.load.Prices;
import millrace.bench.load.Shape;
import millrace.embedded.DevAccount;
import millrace.embedded.DevChain;
import millrace.embedded.DevDeployment;
import millrace.payer.Outcome;
import millrace.payer.Payer;
import millrace.payer.SpendLimits;
import millrace.protocol.eip712.SigningKey;
import millrace.protocol.type.Address;
import millrace.protocol.type.Amount;
import millrace.protocol.x402.Extra;
import millrace.protocol.x402.Network;
import millrace.protocol.x402.PaymentRequirements;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;

/// A ratio to the peer is worth something only if the peer takes everything that it is sent.
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class PeerServerIT {
  private static final int CHANNELS = 3;

  private final Path directory;
  private final DevChain chain;
  private final LoadProcess load;

  PeerServerIT(@TempDir Path directory) {
    this.directory = directory;
    chain = DevChain.in(directory.resolve("chain")).blockTimeSeconds(1).start();
    load = LoadProcess.start(directory.resolve("load.log"), _ -> {});
  }

  @AfterAll
  void stop() {
    load.close();
    chain.close();
  }

  @Test
  void takesEveryPaymentInMemory() throws InterruptedException {
    try (var peer = peer(PeerStorage.MEMORY)) {
      takesEveryPayment("memory", peer);
    }
    assertThat(directory.resolve("MEMORY/channels")).doesNotExist();
  }

  @Test
  void takesEveryPaymentAndKeepsItInFiles() throws InterruptedException, IOException {
    try (var peer = peer(PeerStorage.FILES)) {
      takesEveryPayment("files", peer);
    }
    try (var files = Files.list(directory.resolve("FILES/channels/server"))) {
      assertThat(files.filter(file -> file.toString().endsWith(".json"))).hasSize(CHANNELS);
    }
  }

  @Test
  void remembersNothingOfAnEarlierRun() throws IOException {
    var kept = directory.resolve("FILES/channels/server/0x00.json");
    Files.createDirectories(kept.getParent());
    Files.writeString(kept, "{}");
    try (var peer = peer(PeerStorage.FILES)) {
      assertThat(peer.pid()).isPositive();
      assertThat(kept).doesNotExist();
    }
  }

  @Test
  void asksForThePriceOfTheOfferThatItIsComparedWith() throws InterruptedException {
    try (var peer = peer(PeerStorage.MEMORY)) {
      var theirs = Prices.of(peer.route()).terms();
      var ours = offer(chain.deployment());

      assertThat(theirs.amount()).isEqualTo(ours.amount());
      assertThat(theirs.asset()).isEqualTo(ours.asset());
      assertThat(theirs.network()).isEqualTo(ours.network());
      assertThat(theirs.tokenDomain().separator()).isEqualTo(ours.tokenDomain().separator());
    }
  }

  /// Nobody at Millrace wrote that server.
  @Test
  void isPaidByOurPayer() throws InterruptedException {
    var key = SigningKey.of(DevAccount.payer(1).privateKey());
    chain.fund(key.address(), Amount.of(1_000_000));
    try (var peer = peer(PeerStorage.MEMORY)) {
      var payer = Payer.with(key, SpendLimits.of(Amount.of(1_000), Amount.of(1_000_000))).build();
      for (int payment = 1; payment <= 3; payment++) {
        var outcome = payer.fetch(HttpRequest.newBuilder(peer.route()).build());
        assertThat(outcome)
            .isInstanceOfSatisfying(
                Outcome.Paid.class, paid -> assertThat(paid.answer().status()).isEqualTo(200));
      }
    }
  }

  private PeerServer peer(PeerStorage storage) {
    return PeerServer.start(
        storage,
        URI.create(chain.rpcUrl()),
        offer(chain.deployment()),
        directory.resolve(storage.name()));
  }

  private void takesEveryPayment(String seller, PeerServer peer) {
    load.open(
        new Order.Open(
            seller,
            peer.route(),
            Optional.empty(),
            Optional.empty(),
            URI.create(chain.rpcUrl()),
            CHANNELS,
            1_000_000_000));
    load.sign(new Order.Sign(seller, CHANNELS, 2_000));
    var run = new Order.Run(seller, Shape.PAYWALL, CHANNELS, CHANNELS, 1, 0, false, 2);
    var report = load.run(run);
    assertThat(report.surprises()).isEmpty();
    assertThat(report.refusals()).isEmpty();
    assertThat(report.broken()).isZero();
    assertThat(report.accepted()).isGreaterThan(CHANNELS);
  }

  private static PaymentRequirements offer(DevDeployment deployment) {
    var hub = Address.of("0x" + "aa".repeat(20));
    return new PaymentRequirements(
        Network.of(deployment.chainId()),
        Amount.of(1_000),
        deployment.token(),
        hub,
        300,
        Extra.of(deployment.tokenName(), deployment.tokenVersion(), hub, 900, Amount.of(10_000)));
  }
}
