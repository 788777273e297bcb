package millrace.standalone;

import java.io.IOException;
import java.math.BigInteger;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.Callable;
import millrace.protocol.eip712.SigningKey;
import millrace.protocol.type.Amount;
import millrace.standalone.demo.HubApi;
import millrace.standalone.drill.DrillReport;
import millrace.standalone.drill.WithdrawDrill;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/// Exit codes: 0 answered, 1 not answered in time, 2 wrong options, 3 could not be staged.
@Command(
    name = "withdraw",
    description = {
      "Pays from a canary channel, announces to take all of it back, and waits for the claim.",
      "The canary's account needs a little of the token and gas for two transactions. Exit code",
      "0: answered; 1: not answered in time; 3: could not be staged."
    },
    mixinStandardHelpOptions = true)
final class WithdrawDrillCommand implements Callable<Integer> {
  private static final int UNANSWERED = 1;
  private static final int NOT_STAGED = 3;
  private static final String KEY_VARIABLE = "MILLRACE_DRILL_KEY";

  @Spec @Nullable CommandSpec spec;

  @Option(
      names = "--url",
      defaultValue = "${env:MILLRACE_URL:-http://127.0.0.1:8402}",
      description = "Of the gateway (default: MILLRACE_URL, else http://127.0.0.1:8402)")
  private String url = "";

  @Option(
      names = "--operator-key",
      description =
          "Of the hub (default: MILLRACE_OPERATOR_KEY, else the one that `millrace up` keeps)")
  private String operatorKey = "";

  @Option(
      names = "--key-file",
      description = "Holds the canary's private key (default: the variable " + KEY_VARIABLE + ")")
  private @Nullable Path keyFile;

  @Option(names = "--rpc-url", required = true, description = "JSON-RPC of the chain")
  private URI rpc = URI.create("http://127.0.0.1:8545");

  @Option(names = "--chain-id", description = "Of the chain (default: ${DEFAULT-VALUE})")
  private BigInteger chainId = BigInteger.valueOf(31_337);

  @Option(
      names = "--store",
      description = "Where the canary's channels are remembered (default: ${DEFAULT-VALUE})")
  private Path store = Path.of(System.getProperty("user.home"), ".millrace", "drill");

  @Option(names = "--price", description = "To pay, in base units (default: ${DEFAULT-VALUE})")
  private String price = "1000";

  @Option(names = "--deposit", description = "To lock, in base units (default: ${DEFAULT-VALUE})")
  private String deposit = "100000";

  @Option(
      names = "--limit",
      description =
          "Seconds for the tower to get the voucher, and for the claim (default: ${DEFAULT-VALUE})")
  private long limitSeconds = 300;

  @Option(names = "--json", description = "Print one JSON object")
  private boolean json;

  @Override
  public Integer call() throws InterruptedException {
    var hub = new HubApi(url, Sample.operatorKey(operatorKey));
    var plan =
        new WithdrawDrill.Plan(
            url,
            rpc,
            chainId,
            store,
            amount("--price", price),
            amount("--deposit", deposit),
            Duration.ofSeconds(limitSeconds));
    try (var drill = new WithdrawDrill(plan, hub, key())) {
      var report = drill.run();
      System.out.println(json ? report.json() : report.text());
      tell(hub, report);
      return report.answered() ? 0 : UNANSWERED;
    } catch (IOException | IllegalStateException failure) {
      System.err.println("millrace: the drill could not be staged: " + failure.getMessage());
      return NOT_STAGED;
    }
  }

  /// The hub keeps how it went: whoever runs this may be gone before anybody asks.
  private static void tell(HubApi hub, DrillReport report) throws InterruptedException {
    var told = new HashMap<String, Object>();
    told.put("kind", "withdraw");
    told.put("answered", report.answered());
    told.put("channel", report.channel());
    told.put("guarded_ms", report.guardedMillis());
    report.answerMillis().ifPresent(millis -> told.put("answer_ms", millis));
    report.gas().ifPresent(gas -> told.put("gas", gas));
    report.feeWei().ifPresent(fee -> told.put("fee_wei", fee));
    hub.post("/v1/admin/drills", Map.copyOf(told));
  }

  private SigningKey key() {
    try {
      var text = keyFile == null ? System.getenv(KEY_VARIABLE) : Files.readString(keyFile).strip();
      if (text == null) throw usage("no key: give --key-file, or set " + KEY_VARIABLE);
      return SigningKey.of(text.startsWith("0x") ? text : "0x" + text);
    } catch (IOException unreadable) {
      throw usage("the key file cannot be read: " + unreadable.getMessage());
    } catch (IllegalArgumentException wrong) {
      throw usage("the key is not 32 bytes of hexadecimal, or no key of this curve");
    }
  }

  private Amount amount(String option, String text) {
    try {
      return Amount.of(text);
    } catch (IllegalArgumentException wrong) {
      throw usage(option + ": " + wrong.getMessage());
    }
  }

  private ParameterException usage(String message) {
    if (spec == null) throw new IllegalStateException("not part of a command");
    return new ParameterException(spec.commandLine(), message);
  }
}
