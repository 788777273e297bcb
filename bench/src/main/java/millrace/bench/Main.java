package millrace.bench;

import millrace.bench.api.ApiCommand;
import millrace.bench.claims.ClaimsCommand;
import millrace.bench.crash.CrashCommand;
import millrace.bench.gas.GasCommand;
import millrace.bench.micro.CryptoCommand;
import millrace.bench.micro.HopCommand;
import millrace.bench.micro.StoreCommand;
import millrace.bench.overload.OverloadCommand;
import millrace.bench.payments.PaymentsCommand;
import millrace.bench.policy.PolicyCommand;
import millrace.bench.scale.ScaleCommand;
import millrace.bench.tower.TowerCommand;
import picocli.CommandLine;
import picocli.CommandLine.Command;

/// `./millrace bench NAME`.
@Command(
    name = "bench",
    description = {
      "Measures a hub on this machine. Every benchmark ends with one JSON object on the last line",
      "and writes what it found, with machine, commit and settings, into bench/results/."
    },
    mixinStandardHelpOptions = true,
    subcommands = {
      PaymentsCommand.class,
      ScaleCommand.class,
      OverloadCommand.class,
      CryptoCommand.class,
      StoreCommand.class,
      HopCommand.class,
      PolicyCommand.class,
      CrashCommand.class,
      GasCommand.class,
      ApiCommand.class,
      ClaimsCommand.class,
      TowerCommand.class
    })
public final class Main {
  private Main() {}

  public static void main(String[] arguments) {
    Logs.onlyWarnings();
    System.exit(new CommandLine(new Main()).execute(arguments));
  }
}
