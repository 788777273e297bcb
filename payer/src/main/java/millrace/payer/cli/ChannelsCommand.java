package millrace.payer.cli;

import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

/// `pay channels`: what the store remembers.
@Command(
    name = "channels",
    mixinStandardHelpOptions = true,
    description = "Lists the channels that are remembered.")
final class ChannelsCommand implements Callable<Integer> {
  @Mixin PayerOptions options = new PayerOptions();

  @Override
  public Integer call() {
    return new Report(options).channels(options.fileStore().all()).value();
  }
}
