package millrace.cli;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;
import tools.jackson.databind.JsonNode;

@Command(
    name = "events",
    mixinStandardHelpOptions = true,
    description = "What a merchant was told.",
    subcommands = EventsCommand.Resend.class)
public final class EventsCommand implements Runnable {
  @Spec CommandSpec spec = CommandSpec.create();

  @Override
  public void run() {
    throw new ParameterException(spec.commandLine(), "say what to do: events resend ID");
  }

  @Command(
      name = "resend",
      mixinStandardHelpOptions = true,
      sortOptions = false,
      description = {
        "Sends one event again, with the same id and body.",
        "",
        "The hub sends it to each endpoint that is on and listens to its type, or to those you"
            + " name. With --forward-to it is sent from here instead, as `listen` does."
      },
      exitCodeListHeading = "%nExit codes:%n",
      exitCodeList = {
        "0:it is on its way, or your server took it",
        "1:no endpoint listens to its type, or your server did not take it",
        "2:wrong usage",
        "4:the hub refused",
        "5:no answer, or none that says what became of the request"
      })
  static final class Resend implements Callable<Integer> {
    private static final String ENDPOINTS = "/v1/webhook_endpoints";

    @Mixin HubOptions options = new HubOptions();

    @Parameters(index = "0", paramLabel = "ID", description = "Of the event, evt_…")
    String id = "";

    @Option(
        names = "--endpoint",
        paramLabel = "ID",
        description = "Only to this endpoint (we_…). Repeatable.")
    List<String> endpoints = List.of();

    @Mixin ForwardOptions forward = new ForwardOptions();

    @Override
    public Integer call() throws InterruptedException {
      if (!id.matches("evt_[0-9a-z]{26}")) throw options.usage("an event's id is evt_…: " + id);
      if (endpoints.stream().anyMatch(it -> !it.matches("we_[0-9a-z]{26}"))) {
        throw options.usage("an endpoint's id is we_…");
      }
      if (forward.wanted() && !endpoints.isEmpty()) {
        throw options.usage("give either --endpoint or --forward-to");
      }
      var hub = options.merchant();
      var report = options.report();
      return switch (hub.get("/v1/events/" + id)) {
        case Answer.Done(_, var event) ->
            (forward.wanted() ? fromHere(event, report) : fromHub(hub, event, report)).value();
        case Answer other -> report.failure(other).value();
      };
    }

    private ExitCode fromHere(JsonNode event, Report report) throws InterruptedException {
      var forwarder = forward.forwarder(options);
      var receipt = forwarder.send(id, event.toString());
      report.line(event, ListenCommand.sent(forwarder, id, receipt));
      return receipt.taken() ? ExitCode.OK : ExitCode.NOT_TAKEN;
    }

    private ExitCode fromHub(HubClient hub, JsonNode event, Report report)
        throws InterruptedException {
      var wanted = new ArrayList<>(endpoints);
      if (wanted.isEmpty()) {
        var type = event.path("type").asString("");
        switch (hub.get(ENDPOINTS + "?limit=100")) {
          case Answer.Done(_, var list) -> wanted.addAll(listening(list, type));
          case Answer other -> {
            return report.failure(other);
          }
        }
        if (wanted.isEmpty()) {
          report.warn("no endpoint listens to " + type + "; name one with --endpoint");
          return ExitCode.NOT_TAKEN;
        }
      }
      var worst = ExitCode.OK;
      for (var endpoint : wanted) {
        var path = ENDPOINTS + "/" + endpoint + "/deliveries/" + id + "/resend";
        var code =
            switch (hub.post(path, Map.of(), Optional.empty())) {
              case Answer.Done(_, var delivery) -> {
                report.line(delivery, "%s is on its way to %s".formatted(id, endpoint));
                yield ExitCode.OK;
              }
              case Answer other -> report.failure(other);
            };
        if (code.value() > worst.value()) worst = code;
      }
      return worst;
    }

    private static List<String> listening(JsonNode endpoints, String type) {
      var found = new ArrayList<String>();
      for (var endpoint : endpoints.path("data")) {
        if (endpoint.path("status").asString("").equals("disabled")) continue;
        for (var event : endpoint.path("events")) {
          if (event.asString("").equals(type)) found.add(endpoint.path("id").asString(""));
        }
      }
      return found;
    }
  }
}
