package millrace.payer.cli;

import java.net.URI;
import java.util.Optional;
import java.util.concurrent.Callable;
import millrace.protocol.type.Amount;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/// `pay refund URL`: ask the hub behind it for what is unspent.
@Command(
    name = "refund",
    mixinStandardHelpOptions = true,
    description = "Asks the hub behind a URL to pay unspent money back.")
final class RefundCommand implements Callable<Integer> {
  @Mixin PayerOptions options = new PayerOptions();

  @Parameters(index = "0", paramLabel = "URL", description = "Any paid URL of the hub.")
  @Nullable URI url;

  @Option(
      names = "--amount",
      paramLabel = "UNITS",
      converter = AmountConverter.class,
      description = "How much; default everything.")
  @Nullable Amount amount;

  @Override
  public Integer call() throws InterruptedException {
    if (url == null) throw options.usage("no URL");
    var result = options.payer().refund(url, Optional.ofNullable(amount));
    return new Report(options).refund(result).value();
  }
}
