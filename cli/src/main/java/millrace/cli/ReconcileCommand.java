package millrace.cli;

import java.math.BigInteger;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import tools.jackson.databind.JsonNode;

@Command(
    name = "reconcile",
    mixinStandardHelpOptions = true,
    sortOptions = false,
    description = {
      "Compares ledger, databases and chain of a running hub.",
      "",
      "Needs the operator key (" + HubOptions.OPERATOR_VARIABLE + ")."
    },
    exitCodeListHeading = "%nExit codes:%n",
    exitCodeList = {
      "0:everything agrees",
      "1:the books differ",
      "2:wrong usage",
      "4:the hub refused",
      "5:no answer, so nothing is known of the books"
    })
public final class ReconcileCommand implements Callable<Integer> {
  @Mixin HubOptions options = new HubOptions();

  @Option(names = "--operator-key", paramLabel = "KEY", description = "The same as --key.")
  @Nullable String operatorKey;

  @Option(names = "--journal", description = "Also add up the whole journal of the ledger.")
  boolean journal;

  @Override
  public Integer call() throws InterruptedException {
    if (options.key == null) options.key = operatorKey;
    var path = "/v1/admin/reconciliation" + (journal ? "?journal=true" : "");
    return switch (options.operator().get(path)) {
      case Answer.Done(_, var books) -> {
        boolean agrees = books.path("agrees").asBoolean(false);
        options.report().line(books, text(books, agrees));
        yield (agrees ? ExitCode.OK : ExitCode.NOT_TAKEN).value();
      }
      case Answer other -> options.report().failure(other).value();
    };
  }

  private static String text(JsonNode report, boolean agrees) {
    var text = new StringBuilder();
    text.append(
        "Books of %s at block %s, in base units%n%n"
            .formatted(report.path("asset").asString(), report.path("block").asString()));
    var row = "%-3s %-20s %22s %-10s %22s %-10s %s%n";
    text.append(row.formatted("", "", "", "", "", "", "difference"));
    for (var line : report.path("lines")) {
      var difference = line.path("difference").asString();
      text.append(
          row.formatted(
              difference.equals("0") ? "ok" : "!!",
              line.path("name").asString(),
              line.path("left").asString(),
              line.path("left_source").asString(),
              line.path("right").asString(),
              line.path("right_source").asString(),
              difference.equals("0") ? "" : difference));
    }
    text.append(vault(report.path("vault")));
    return text.append(agrees ? "Everything agrees." : "The books do NOT agree.").toString();
  }

  /// What is in the vault and on the way to it, and whose it is.
  private static String vault(JsonNode vault) {
    var holds = number(vault, "held").add(number(vault, "unsettled"));
    return """

    vault, with what is on its way   %22s
      credited, not withdrawn        %22s
      promised, not credited         %22s
      payers' credit, claimed        %22s
      fees, claimed                  %22s
      claimed, promised to nobody    %22s
      reserve                        %22s

    """
        .formatted(
            holds,
            number(vault, "owed"),
            number(vault, "promised"),
            number(vault, "payers"),
            number(vault, "fees"),
            number(vault, "unpromised"),
            number(vault, "reserve"));
  }

  private static BigInteger number(JsonNode node, String name) {
    return new BigInteger(node.path(name).asString());
  }
}
