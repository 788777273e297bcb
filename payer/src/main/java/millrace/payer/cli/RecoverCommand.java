package millrace.payer.cli;

import java.net.URI;
import java.util.List;
import java.util.concurrent.Callable;
import millrace.payer.Recovery;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Parameters;

/// `pay recover URL`: after the store was lost or restored from an old copy.
@Command(
    name = "recover",
    mixinStandardHelpOptions = true,
    description = "Finds out anew where the channel behind a URL stands; pays nothing.")
final class RecoverCommand implements Callable<Integer> {
  @Mixin PayerOptions options = new PayerOptions();

  @Parameters(index = "0", paramLabel = "URL", description = "Any paid URL of the hub.")
  @Nullable URI url;

  @Override
  public Integer call() throws InterruptedException {
    if (url == null) throw options.usage("no URL");
    var report = new Report(options);
    return switch (options.payer().recover(url)) {
      case Recovery.Recovered(var channel) -> report.channels(List.of(channel)).value();
      case Recovery.Failed(var why) -> report.failed(why).value();
    };
  }
}
