package millrace.cli;

import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Parameters;

@Command(
    name = "trigger",
    mixinStandardHelpOptions = true,
    sortOptions = false,
    description = {
      "Brings about a test event, which `listen`, streams and webhook endpoints hear of.",
      "",
      "On a hub with a dev chain only. What it tells of is made up; no money moves. Without a TYPE "
          + "it lists the types there are."
    },
    exitCodeListHeading = "%nExit codes:%n",
    exitCodeList = {
      "0:done",
      "2:wrong usage",
      "4:the hub refused: no such type, no such key, or real money",
      "5:no answer, or none that says what became of the request"
    })
public final class TriggerCommand implements Callable<Integer> {
  @Mixin HubOptions options = new HubOptions();

  @Parameters(
      index = "0",
      arity = "0..1",
      paramLabel = "TYPE",
      description = "Such as payment.succeeded.")
  @Nullable String type;

  @Override
  public Integer call() throws InterruptedException {
    var hub = options.merchant();
    var report = options.report();
    if (type == null) return types(hub, report).value();
    return switch (hub.post("/v1/test_events", Map.of("type", type), Optional.empty())) {
      case Answer.Done(_, var event) -> {
        report.object(event);
        yield ExitCode.OK.value();
      }
      case Answer other -> report.failure(other).value();
    };
  }

  private static ExitCode types(HubClient hub, Report report) throws InterruptedException {
    return switch (hub.get("/v1/event_types")) {
      case Answer.Done(_, var list) -> {
        for (var entry : list.path("data")) {
          var text =
              "%-22s %s"
                  .formatted(entry.path("id").asString(""), entry.path("description").asString(""));
          report.line(entry, text);
        }
        yield ExitCode.OK;
      }
      case Answer other -> report.failure(other);
    };
  }
}
