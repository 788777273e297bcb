package millrace.standalone.drill;

import java.io.IOException;
import java.math.BigInteger;
import java.net.URI;
import java.net.http.HttpRequest;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.HexFormat;
import java.util.Optional;
import java.util.Set;
import millrace.payer.FileStore;
import millrace.payer.Outcome;
import millrace.payer.Payer;
import millrace.payer.PayerChain.ChainRefusal;
import millrace.payer.PayerChannel;
import millrace.payer.SpendLimits;
import millrace.payer.Web3jPayerChain;
import millrace.protocol.eip712.SigningKey;
import millrace.protocol.type.Amount;
import millrace.protocol.type.Bytes32;
import millrace.protocol.x402.Deployment;
import millrace.protocol.x402.Network;
import millrace.standalone.demo.HubApi;

/// Pays a canary merchant from a canary channel, announces to take everything back, and waits for
/// the hub to claim what was paid. Every drill has a channel of its own, because a channel whose
/// payer leaves takes no payments; the next drill fetches what was left in it.
public final class WithdrawDrill implements AutoCloseable {
  private static final Duration PAUSE = Duration.ofMillis(200);

  private final Plan plan;
  private final HubApi operator;
  private final SigningKey key;
  private final Web3jPayerChain chain;

  /// @param store where channels and the canary merchant's key are kept
  /// @param limit for the tower to get the voucher, and then for the claim
  public record Plan(
      String hub,
      URI rpc,
      BigInteger chainId,
      Path store,
      Amount price,
      Amount deposit,
      Duration limit) {}

  public WithdrawDrill(Plan plan, HubApi operator, SigningKey key) {
    this.plan = plan;
    this.operator = operator;
    this.key = key;
    this.chain =
        new Web3jPayerChain(plan.rpc(), plan.chainId(), Deployment.CANONICAL.channels(), key);
  }

  /// @throws IOException when the chain cannot be asked, or refuses
  /// @throws IllegalStateException when the payment is not taken
  public DrillReport run() throws IOException, InterruptedException {
    finishEarlier();
    var merchant = CanaryMerchant.of(operator, plan.hub(), plan.store(), key.address());
    var api = operator.as(merchant.key());
    try (var shop = CanaryShop.open(api, plan.price())) {
      var channel = pay(shop);
      var guarded = awaitGuarded(api, shop.payment().orElseThrow());
      if (guarded.isEmpty()) {
        throw new IllegalStateException(
            "the watchtower did not get the voucher within " + plan.limit().toSeconds() + " s");
      }
      return withdraw(channel, guarded.get());
    }
  }

  private PayerChannel pay(CanaryShop shop) throws InterruptedException {
    var salt = new byte[32];
    new SecureRandom().nextBytes(salt);
    var folder = channels().resolve(HexFormat.of().formatHex(salt, 0, 8));
    var payer =
        Payer.with(
                key,
                SpendLimits.of(plan.price(), plan.deposit().plus(plan.price()))
                    .onlyOn(Set.of(new Network(plan.chainId()))))
            .store(FileStore.in(folder))
            .chain(chain)
            .salt(Bytes32.of(salt))
            .build();
    var outcome = payer.topUp(HttpRequest.newBuilder(shop.url()).build(), plan.deposit());
    if (!(outcome instanceof Outcome.Paid)) {
      throw new IllegalStateException("the canary could not pay: " + outcome);
    }
    return payer.channels().getFirst();
  }

  private Optional<Long> awaitGuarded(HubApi api, String payment) throws InterruptedException {
    long start = System.nanoTime();
    while (millisSince(start) < plan.limit().toMillis()) {
      if (api.get("/v1/payments/" + payment).get("guarded").booleanValue()) {
        return Optional.of(millisSince(start));
      }
      Thread.sleep(PAUSE);
    }
    return Optional.empty();
  }

  /// Asks for all of the money, spent or not, as a thief would.
  private DrillReport withdraw(PayerChannel channel, long guardedMillis)
      throws IOException, InterruptedException {
    var balance = chain.read(channel.id()).balance();
    var withdrawal = chain.initiateWithdraw(channel.config(), balance);
    long start = System.nanoTime();
    var report =
        DrillReport.unanswered(
            channel.id().toString(),
            channel.charged().toString(),
            withdrawal.toString(),
            guardedMillis);
    while (millisSince(start) < plan.limit().toMillis()) {
      if (!channel.charged().exceeds(chain.read(channel.id()).claimed())) {
        long answer = millisSince(start);
        try (var search = new ClaimSearch(plan.rpc(), Deployment.CANONICAL.channels())) {
          return report.answered(answer, search.after(withdrawal, channel.id()));
        }
      }
      Thread.sleep(PAUSE);
    }
    return report;
  }

  /// What the contract does not give back yet is left for the next drill.
  private void finishEarlier() throws IOException {
    if (!Files.isDirectory(channels())) return;
    try (DirectoryStream<Path> folders = Files.newDirectoryStream(channels())) {
      for (var folder : folders) {
        boolean isEmpty = true;
        var payer = Payer.with(key, SpendLimits.of(Amount.ZERO, Amount.ZERO));
        for (var channel : payer.store(FileStore.in(folder)).build().channels()) {
          isEmpty &= finish(channel);
        }
        if (isEmpty) delete(folder);
      }
    }
  }

  /// @return whether nothing is left to fetch
  private boolean finish(PayerChannel channel) throws IOException {
    var state = chain.read(channel.id());
    if (state.unclaimed().isZero()) return true;
    try {
      if (state.withdrawal().isEmpty()) {
        var _ = chain.initiateWithdraw(channel.config(), state.unclaimed());
        return false;
      }
      var _ = chain.finalizeWithdraw(channel.config());
      return true;
    } catch (ChainRefusal tooEarly) {
      return false;
    }
  }

  private static void delete(Path folder) throws IOException {
    try (DirectoryStream<Path> files = Files.newDirectoryStream(folder)) {
      for (var file : files) Files.delete(file);
    }
    Files.delete(folder);
  }

  private Path channels() {
    return plan.store().resolve("channels");
  }

  private static long millisSince(long nanos) {
    return (System.nanoTime() - nanos) / 1_000_000;
  }

  @Override
  public void close() {
    chain.close();
  }
}
