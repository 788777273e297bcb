package millrace.cli;

import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

@Command(
    name = "payouts",
    mixinStandardHelpOptions = true,
    description = "A merchant's way to its money.",
    subcommands = PayoutsCommand.Create.class)
public final class PayoutsCommand implements Runnable {
  @Spec CommandSpec spec = CommandSpec.create();

  @Override
  public void run() {
    throw new ParameterException(spec.commandLine(), "say what to do: payouts create");
  }

  @Command(
      name = "create",
      mixinStandardHelpOptions = true,
      sortOptions = false,
      description = {
        "Asks for a payout to the merchant's payout address.",
        "",
        "While the hub does not answer it is asked again with the same idempotency key, so that "
            + "there is one payout, not two."
      },
      exitCodeListHeading = "%nExit codes:%n",
      exitCodeList = {
        "0:asked for",
        "2:wrong usage",
        "4:the hub refused, for example because the balance is too small",
        "5:no answer, or none that says what became of the request"
      })
  static final class Create implements Callable<Integer> {
    @Mixin HubOptions options = new HubOptions();

    @Option(
        names = "--amount",
        paramLabel = "UNITS",
        description = "In base units. Default: the whole balance.")
    @Nullable String amount;

    @Mixin IdempotencyOption idempotency = new IdempotencyOption();

    @Override
    public Integer call() throws InterruptedException {
      if (amount != null && !amount.matches("[1-9][0-9]{0,77}")) {
        throw options.usage("--amount is a whole number of base units above 0");
      }
      var key = Optional.of(idempotency.key());
      Map<String, ?> body = amount == null ? Map.of() : Map.of("amount", amount);
      var report = options.report();
      return switch (options.merchant().post("/v1/payouts", body, key)) {
        case Answer.Done(_, var payout) -> report.object(payout).value();
        case Answer other -> report.failure(other, key).value();
      };
    }
  }
}
