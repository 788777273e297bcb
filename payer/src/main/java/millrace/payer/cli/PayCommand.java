package millrace.payer.cli;

import java.net.URI;
import java.net.http.HttpRequest;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.Callable;
import millrace.protocol.x402.PaymentIdentifier;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/// `pay URL`: fetch it, and pay when asked to.
@Command(
    name = "pay",
    mixinStandardHelpOptions = true,
    sortOptions = false,
    description = "Fetches a URL and pays for it from a payment channel.",
    subcommands = {
      RefundCommand.class,
      TopUpCommand.class,
      RecoverCommand.class,
      WithdrawCommand.class,
      ChannelsCommand.class
    },
    exitCodeListHeading = "%nExit codes:%n",
    exitCodeList = {
      "0:done",
      "1:the server answered with an error",
      "2:wrong usage",
      "3:not paid, for a limit or a doubt of this side",
      "4:the hub refused",
      "5:no answer, or none that says what became of the payment",
      "6:the chain refused or did not answer"
    })
public final class PayCommand implements Callable<Integer> {
  @Mixin PayerOptions options = new PayerOptions();

  @Parameters(index = "0", arity = "0..1", paramLabel = "URL", description = "What to fetch.")
  @Nullable URI url;

  @Mixin RequestOptions request = new RequestOptions();

  @Option(
      names = "--id",
      paramLabel = "ID",
      description =
          "Your name for this purchase, 16 to 128 of A-Za-z0-9_-. With the same one it is "
              + "bought once, however often you ask.")
  @Nullable String identifier;

  public static void main(String[] arguments) {
    // The launcher passes its own word on.
    boolean named = arguments.length > 0 && arguments[0].equals("pay");
    var own = named ? Arrays.copyOfRange(arguments, 1, arguments.length) : arguments;
    System.exit(commandLine().execute(own));
  }

  /// With the payer's other commands below it.
  public static CommandLine commandLine() {
    return new CommandLine(new PayCommand());
  }

  @Override
  public Integer call() throws InterruptedException {
    var payer = options.payer();
    var what = request.to(url, options);
    var outcome = identifier == null ? payer.fetch(what) : payer.fetch(what, named(identifier));
    return new Report(options).outcome(outcome).value();
  }

  private PaymentIdentifier named(String text) {
    try {
      return new PaymentIdentifier(text);
    } catch (IllegalArgumentException wrong) {
      throw options.usage(String.valueOf(wrong.getMessage()));
    }
  }

  /// What to send beside the payment.
  static final class RequestOptions {
    @Option(
        names = {"-X", "--request"},
        paramLabel = "METHOD",
        description = "HTTP method.")
    @Nullable String method;

    @Option(
        names = {"-d", "--data"},
        paramLabel = "BODY",
        description = "Body; makes it a POST.")
    @Nullable String body;

    @Option(
        names = {"-H", "--header"},
        paramLabel = "HEADER",
        description = "`Name: value`.")
    List<String> headers = List.of();

    HttpRequest to(@Nullable URI url, PayerOptions options) {
      if (url == null) throw options.usage("no URL");
      try {
        var builder = HttpRequest.newBuilder(url);
        for (var header : headers) {
          int colon = header.indexOf(':');
          if (colon < 1) throw options.usage("a header is `Name: value`: " + header);
          builder.header(header.substring(0, colon).strip(), header.substring(colon + 1).strip());
        }
        var publisher =
            body == null
                ? HttpRequest.BodyPublishers.noBody()
                : HttpRequest.BodyPublishers.ofString(body);
        var verb = method != null ? method : body == null ? "GET" : "POST";
        return builder.method(verb, publisher).build();
      } catch (IllegalArgumentException wrong) {
        throw options.usage(String.valueOf(wrong.getMessage()));
      }
    }
  }
}
