package millrace.payer.cli;

import java.net.URI;
import java.util.concurrent.Callable;
import millrace.protocol.type.Amount;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/// `pay topup URL`: a deposit travels with a payment, so this buys the resource once.
@Command(
    name = "topup",
    mixinStandardHelpOptions = true,
    description = "Fetches and pays a URL and puts more money into the channel on the way.")
final class TopUpCommand implements Callable<Integer> {
  @Mixin PayerOptions options = new PayerOptions();

  @Parameters(index = "0", paramLabel = "URL", description = "Any paid URL of the hub.")
  @Nullable URI url;

  @Option(
      names = "--amount",
      paramLabel = "UNITS",
      required = true,
      converter = AmountConverter.class,
      description = "How much to deposit.")
  Amount amount = Amount.ZERO;

  @Mixin PayCommand.RequestOptions request = new PayCommand.RequestOptions();

  @Override
  public Integer call() throws InterruptedException {
    var outcome = options.payer().topUp(request.to(url, options), amount);
    return new Report(options).outcome(outcome).value();
  }
}
