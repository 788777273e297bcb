package millrace.payer.cli;

import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import millrace.payer.Payer;
import millrace.payer.PayerChannel;
import millrace.protocol.type.Amount;
import millrace.protocol.type.ChannelId;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/// `pay withdraw`: leave without the hub, in two steps with the channel's delay between them.
@Command(
    name = "withdraw",
    mixinStandardHelpOptions = true,
    description =
        "Takes unspent money back on chain, without the hub. Needs --rpc-url, and gas for two "
            + "transactions.")
final class WithdrawCommand implements Callable<Integer> {
  @Mixin PayerOptions options = new PayerOptions();

  @ArgGroup(multiplicity = "1")
  Step step = new Step();

  @Option(
      names = "--channel",
      paramLabel = "ID",
      description = "Which; may be left out when there is only one.")
  @Nullable String channel;

  @Option(
      names = "--amount",
      paramLabel = "UNITS",
      converter = AmountConverter.class,
      description = "How much; default all that is not owed.")
  @Nullable Amount amount;

  /// Which half.
  static final class Step {
    @Option(names = "--start", description = "Announce it, and pay no more from the channel.")
    boolean start;

    @Option(names = "--finish", description = "Take the money once the delay is over.")
    boolean finish;
  }

  @Override
  public Integer call() throws InterruptedException {
    var payer = options.payer();
    var id = chosen(payer);
    var withdrawal =
        step.start
            ? payer.initiateWithdraw(id, Optional.ofNullable(amount))
            : payer.finalizeWithdraw(id);
    return new Report(options).withdrawal(withdrawal).value();
  }

  private ChannelId chosen(Payer payer) {
    if (channel != null) {
      try {
        return ChannelId.of(channel);
      } catch (IllegalArgumentException wrong) {
        throw options.usage("not a channel id: " + channel);
      }
    }
    List<PayerChannel> own =
        payer.channels().stream()
            .filter(known -> known.config().payer().equals(payer.address()))
            .toList();
    if (own.size() != 1) {
      throw options.usage("there are %d channels: say which by --channel".formatted(own.size()));
    }
    return own.getFirst().id();
  }
}
