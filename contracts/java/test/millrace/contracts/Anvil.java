package millrace.contracts;

import java.io.IOException;
import java.math.BigInteger;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.ThreadLocalRandom;
import org.web3j.crypto.Credentials;
import org.web3j.protocol.Web3j;
import org.web3j.protocol.core.DefaultBlockParameterName;
import org.web3j.protocol.core.Request;
import org.web3j.protocol.core.methods.request.Transaction;
import org.web3j.protocol.core.methods.response.VoidResponse;
import org.web3j.protocol.http.HttpService;
import org.web3j.tx.RawTransactionManager;
import org.web3j.tx.TransactionManager;
import org.web3j.tx.gas.ContractGasProvider;
import org.web3j.tx.gas.StaticGasProvider;

/// A development chain for one test class, with the accounts that anvil gives every chain.
final class Anvil implements AutoCloseable, CanonicalPlacement.DevelopmentChain {
  static final Credentials DEPLOYER =
      Credentials.create("0xac0974bec39a17e36ba4a6b4d238ff944bacb478cbed5efcae784d7bf4f2ff80");
  static final Credentials HUB =
      Credentials.create("0x59c6995e998f97a5a0044966f0945389dc9e86dae88c7a8412f4603b6b78690d");
  static final Credentials RECEIVER =
      Credentials.create("0x5de4111afa1a4b94908f83103eb1f1706367c2e68ca870fc3fb9a804cdab365a");
  static final Credentials PAYER =
      Credentials.create("0x7c852118294e51e653712a81e05800f419141751be58f605c371e15141b007a6");

  static final ContractGasProvider GAS =
      new StaticGasProvider(BigInteger.valueOf(10_000_000_000L), BigInteger.valueOf(16_000_000L));
  static final long CHAIN_ID = 31337;

  private static final Duration START_LIMIT = Duration.ofSeconds(60);

  final Web3j web3j;
  private final HttpService http;
  private final Process process;

  private Anvil(Process process, HttpService http) {
    this.process = process;
    this.http = http;
    this.web3j = Web3j.build(http);
  }

  static Anvil start() throws Exception {
    int port = freePort();
    var log = Files.createTempFile("anvil", ".log");
    var process =
        new ProcessBuilder(binary().toString(), "--silent", "--port", Integer.toString(port))
            .redirectErrorStream(true)
            .redirectOutput(log.toFile())
            .start();
    var anvil = new Anvil(process, new HttpService("http://127.0.0.1:" + port));
    var deadline = System.nanoTime() + START_LIMIT.toNanos();
    while (!anvil.answers()) {
      if (!process.isAlive() || System.nanoTime() > deadline) {
        anvil.close();
        throw new IllegalStateException("anvil did not start: " + Files.readString(log));
      }
      Thread.sleep(50);
    }
    return anvil;
  }

  HttpService http() {
    return http;
  }

  TransactionManager as(Credentials account) {
    return new RawTransactionManager(web3j, account, CHAIN_ID, 400, 25);
  }

  @Override
  public void setCode(String address, String code) {
    try {
      var answer =
          new Request<>("anvil_setCode", List.of(address, code), http, VoidResponse.class).send();
      if (answer.hasError()) throw new IllegalStateException(answer.getError().getMessage());
    } catch (IOException failure) {
      throw new IllegalStateException(failure);
    }
  }

  @Override
  public String call(String address) {
    try {
      var transaction = Transaction.createEthCallTransaction(null, address, "0x");
      return web3j.ethCall(transaction, DefaultBlockParameterName.LATEST).send().getValue();
    } catch (IOException failure) {
      throw new IllegalStateException(failure);
    }
  }

  @Override
  public void close() {
    web3j.shutdown();
    process.destroy();
  }

  private boolean answers() {
    try {
      return !web3j.ethChainId().send().hasError();
    } catch (IOException notYet) {
      return false;
    }
  }

  /// The program itself: the script that npm puts before it would outlive a `destroy`.
  private static Path binary() throws IOException {
    var packages = Path.of("node_modules", "@foundry-rs");
    if (!Files.isDirectory(packages)) {
      throw new IllegalStateException("node_modules is missing: run `npm ci` in contracts/");
    }
    try (var found = Files.find(packages, 3, (path, _) -> path.endsWith("bin/anvil"))) {
      return found.findFirst().orElseThrow(() -> new IllegalStateException("npm has no anvil"));
    }
  }

  /// Below the range from which systems take ports for outgoing connections: one of those, even our
  /// own that asks whether it is up, would take the port from the program before it listens.
  private static int freePort() {
    while (true) {
      int port = ThreadLocalRandom.current().nextInt(11_000, 32_000);
      try (var socket = new ServerSocket(port, 1, InetAddress.getLoopbackAddress())) {
        return socket.getLocalPort();
      } catch (IOException taken) {
        // Another one, then.
      }
    }
  }
}
