package millrace.watchtower.merchant;

import ch.qos.logback.classic.Level;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import millrace.chain.rpc.WrongChain;
import millrace.protocol.type.Address;
import millrace.protocol.type.Amount;
import org.jspecify.annotations.Nullable;
import org.slf4j.LoggerFactory;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/// `tower --merchant`.
@Command(
    name = "tower",
    mixinStandardHelpOptions = true,
    sortOptions = false,
    usageHelpAutoWidth = true,
    description = {
      "Guards what a hub has promised one merchant. It keeps every promise that the hub streams,"
          + " and has the vault credit the newest when the operator announces a take, when the key"
          + " that signed is removed, when the hub falls silent or does not credit in time.",
      "It can send money nowhere but to the payee: it knows two calls of the vault, and neither"
          + " names another recipient. Its key pays for gas and needs no right in the vault."
    },
    exitCodeListHeading = "%nExit codes:%n",
    exitCodeList = {
      "0:ended by a signal",
      "1:could not start or go on: a damaged or busy folder, a port in use",
      "2:wrong usage, or a key that cannot be read",
      "3:a node follows another chain"
    })
public final class MerchantCommand implements Callable<Integer> {
  private static final long PATIENCE_SECONDS = 20;
  private static final int WRONG_CHAIN = 3;

  @Spec CommandSpec spec = CommandSpec.create();

  @Option(names = "--merchant", required = true, description = "Guard promises to a merchant.")
  boolean merchant;

  @Option(names = "--hub-url", required = true, description = "The hub's gateway.")
  URI hub = URI.create("");

  @Option(
      names = "--api-key-file",
      description =
          "File with an API key that has the scope balance:read, and better no other"
              + " (default: what MILLRACE_API_KEY holds).")
  @Nullable Path apiKeyFile;

  @Option(names = "--payee", required = true, description = "Your payout address.")
  String payee = "";

  @Option(names = "--vault", required = true, description = "The hub's vault.")
  String vault = "";

  @Option(names = "--token", required = true, description = "The token that you are paid in.")
  String token = "";

  @Option(
      names = "--channels",
      description = "The channel contract (default: ${DEFAULT-VALUE}, as on every chain).")
  String channels = "0x4020074e9dF2ce1deE5A9C1b5c3f541D02a10003";

  @Option(names = "--chain-id", required = true, description = "For example 8453 for Base.")
  BigInteger chainId = BigInteger.ZERO;

  @Option(
      names = "--rpc-url",
      required = true,
      split = ",",
      description = "A node, better two or more of different makers: one honest one is enough.")
  List<URI> rpcUrls = new ArrayList<>();

  @Option(
      names = "--key-file",
      description =
          "File with the private key that pays for gas, 0x and 64 hex digits"
              + " (default: what MILLRACE_TOWER_KEY holds). Use it for nothing else.")
  @Nullable Path keyFile;

  @Option(
      names = "--data",
      description = "Folder for what must not be forgotten (default: ${DEFAULT-VALUE}).")
  Path folder = Path.of(".millrace", "merchant-tower");

  @Option(
      names = "--silence",
      converter = Durations.class,
      description =
          "For how long the hub may say nothing before you take what is yours; 90s, 30m, 6h"
              + " (default: 1h).")
  Duration silence = Duration.ofHours(1);

  @Option(
      names = "--credit-within",
      converter = Durations.class,
      description =
          "How long a promise may wait to be credited although the hub talks (default: 3d).")
  Duration creditWithin = Duration.ofDays(3);

  @Option(
      names = "--minimum",
      description = "What is worth the gas, in base units (default: ${DEFAULT-VALUE}).")
  String minimum = "1";

  @Option(
      names = "--max-fee-gwei",
      description = "The most to offer per unit of gas (default: ${DEFAULT-VALUE}).")
  BigDecimal maxFeeGwei = BigDecimal.valueOf(500);

  @Option(
      names = "--withdraw",
      description = "Also send what is credited to the payee, whoever had it credited.")
  boolean withdraw;

  @Option(
      names = "--listen",
      description = "Where /health and /metrics are (default: ${DEFAULT-VALUE}).")
  String listen = "127.0.0.1:8414";

  @Option(
      names = "--poll",
      converter = Durations.class,
      description = "How often it looks at the chain (default: 2s).")
  Duration poll = Duration.ofSeconds(2);

  @Option(names = "--json", description = "Tell what happens as lines of JSON.")
  boolean json;

  /// @return the exit code
  public static int run(String... arguments) {
    var line = new CommandLine(new MerchantCommand());
    line.setExecutionExceptionHandler(
        (failure, _, _) -> {
          System.err.println("tower: " + reason(failure));
          return failure instanceof WrongChain ? WRONG_CHAIN : 1;
        });
    return line.execute(arguments);
  }

  @Override
  public Integer call() throws InterruptedException {
    quiet();
    var clock = Clock.systemUTC();
    var settings = settings();
    var address = address(listen);
    var stop = new CountDownLatch(1);
    var closed = new CountDownLatch(1);
    var events = new Events(System.out, json, clock);
    Runtime.getRuntime().addShutdownHook(new Thread(() -> end(stop, closed)));
    try (var tower = new MerchantTower(settings, events, clock);
        var operations = new Operations(address, tower, clock)) {
      tower.start();
      events.info("listening", "health and metrics", Map.of("port", operations.port()));
      stop.await();
      events.info("stopped", "ends", Map.of());
    } finally {
      closed.countDown();
    }
    return 0;
  }

  private static void end(CountDownLatch stop, CountDownLatch closed) {
    stop.countDown();
    try {
      boolean inOrder = closed.await(PATIENCE_SECONDS, TimeUnit.SECONDS);
      if (!inOrder) System.err.println("tower: not everything was closed in order");
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private MerchantTower.Settings settings() {
    var secrets = new Secrets(System.getenv());
    try {
      return new MerchantTower.Settings(
          new Terms(
              chainId,
              Address.of(channels),
              Address.of(vault),
              Address.of(payee),
              Address.of(token)),
          new Policy(silence, creditWithin, Amount.of(minimum)),
          hub(),
          secrets.apiKey(apiKeyFile),
          rpcUrls,
          secrets.signingKey(keyFile),
          folder,
          maxFeeGwei.movePointRight(9).toBigInteger(),
          withdraw,
          poll);
    } catch (IllegalArgumentException wrong) {
      throw new ParameterException(spec.commandLine(), String.valueOf(wrong.getMessage()), wrong);
    }
  }

  /// The API key must not be read on the way. Inside a cluster or on one machine there may be no
  /// TLS, which is for whoever runs it to know.
  private URI hub() {
    var scheme = String.valueOf(hub.getScheme());
    if (hub.getHost() == null || !(scheme.equals("https") || scheme.equals("http"))) {
      throw new IllegalArgumentException("--hub-url must be an http or https address");
    }
    return hub;
  }

  private InetSocketAddress address(String text) {
    int colon = text.lastIndexOf(':');
    try {
      return new InetSocketAddress(
          text.substring(0, Math.max(0, colon)), Integer.parseInt(text.substring(colon + 1)));
    } catch (IllegalArgumentException wrong) {
      throw new ParameterException(spec.commandLine(), "--listen must be HOST:PORT", wrong);
    }
  }

  /// What people want to read are the events. Libraries speak up when something breaks.
  private static void quiet() {
    if (LoggerFactory.getLogger(org.slf4j.Logger.ROOT_LOGGER_NAME)
        instanceof ch.qos.logback.classic.Logger root) {
      root.setLevel(Level.WARN);
    }
  }

  private static String reason(Throwable failure) {
    var reason = new StringBuilder(String.valueOf(failure.getMessage()));
    for (var cause = failure.getCause(); cause != null; cause = cause.getCause()) {
      reason.append(": ").append(cause.getMessage());
    }
    return reason.toString();
  }
}
