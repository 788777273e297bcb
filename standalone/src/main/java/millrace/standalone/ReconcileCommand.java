package millrace.standalone;

import java.math.BigInteger;
import java.util.concurrent.Callable;
import millrace.standalone.demo.HubApi;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import tools.jackson.databind.JsonNode;

@Command(
    name = "reconcile",
    description = "Compares ledger, databases and chain of a running hub",
    mixinStandardHelpOptions = true)
final class ReconcileCommand implements Callable<Integer> {
  private static final int DIFFERENT = 1;

  @Option(names = "--url", description = "Of the gateway (default: ${DEFAULT-VALUE})")
  private String url = "http://127.0.0.1:8402";

  @Option(
      names = "--operator-key",
      description =
          "Of the hub (default: MILLRACE_OPERATOR_KEY, else the one that `millrace up` keeps)")
  private String operatorKey = "";

  @Option(names = "--journal", description = "Also add up the whole journal of the ledger")
  private boolean journal;

  @Option(names = "--json", description = "Print the hub's answer as it is")
  private boolean json;

  @Override
  public Integer call() throws InterruptedException {
    var report =
        new HubApi(url, Sample.operatorKey(operatorKey))
            .get("/v1/admin/reconciliation" + (journal ? "?journal=true" : ""));
    boolean agrees = report.path("agrees").asBoolean(false);
    System.out.println(json ? report.toString() : text(report, agrees));
    return agrees ? 0 : DIFFERENT;
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
