package millrace.cli;

import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

@Command(
    name = "merchants",
    mixinStandardHelpOptions = true,
    description = "What the operator does for merchants.",
    subcommands = MerchantsCommand.Create.class)
public final class MerchantsCommand implements Runnable {
  @Spec CommandSpec spec = CommandSpec.create();

  @Override
  public void run() {
    throw new ParameterException(spec.commandLine(), "say what to do: merchants create NAME …");
  }

  @Command(
      name = "create",
      mixinStandardHelpOptions = true,
      sortOptions = false,
      description = {
        "Makes a merchant and its first API key, which is shown this once.",
        "",
        "Needs the operator key (" + HubOptions.OPERATOR_VARIABLE + ")."
      },
      exitCodeListHeading = "%nExit codes:%n",
      exitCodeList = {
        "0:done",
        "2:wrong usage",
        "4:the hub refused",
        "5:no answer, or none that says what became of the request"
      })
  static final class Create implements Callable<Integer> {
    @Mixin HubOptions options = new HubOptions();

    @Parameters(index = "0", paramLabel = "NAME", description = "What people call it.")
    String name = "";

    @Option(
        names = "--payout-address",
        required = true,
        paramLabel = "ADDRESS",
        description = "Where its money goes: 0x and 40 hexadecimal digits.")
    String payoutAddress = "";

    @Option(
        names = "--metadata",
        paramLabel = "NAME=VALUE",
        description = "Kept with it. Repeatable.")
    Map<String, String> metadata = Map.of();

    @Mixin IdempotencyOption idempotency = new IdempotencyOption();

    @Override
    public Integer call() throws InterruptedException {
      if (!payoutAddress.matches("0x[0-9a-fA-F]{40}")) {
        throw options.usage("--payout-address is 0x and 40 hexadecimal digits");
      }
      var key = Optional.of(idempotency.key());
      var body =
          Map.of(
              "name", name, "payout_address", payoutAddress, "metadata", new TreeMap<>(metadata));
      var report = options.report();
      return switch (options.operator().post("/v1/merchants", body, key)) {
        case Answer.Done(_, var made) -> report.object(made).value();
        case Answer other -> report.failure(other, key).value();
      };
    }
  }
}
