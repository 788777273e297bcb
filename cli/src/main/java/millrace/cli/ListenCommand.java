package millrace.cli;

import java.io.IOException;
import java.time.Duration;
import java.time.LocalTime;
import java.time.ZoneId;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import millrace.cli.Forwarder.Receipt;
import millrace.cli.Frames.Frame;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import tools.jackson.databind.node.JsonNodeFactory;

/// A merchant's webhooks on a developer's machine, which the hub itself cannot reach.
@Command(
    name = "listen",
    mixinStandardHelpOptions = true,
    sortOptions = false,
    description = {
      "Shows events as they happen, and sends each to your server as a signed webhook.",
      "",
      "Needs no endpoint and no public address. One event goes after the other, each once: what "
          + "your server does not take is shown, and `millrace events resend ID --forward-to URL` "
          + "sends it again. A lost line is taken up again where it was. Ends with Ctrl-C."
    },
    exitCodeListHeading = "%nExit codes:%n",
    exitCodeList = {
      "0:as many events as --count asks for",
      "2:wrong usage",
      "4:the hub refused",
      "5:the hub did not answer at the start",
      "130:Ctrl-C"
    })
public final class ListenCommand implements Callable<Integer> {
  @Mixin HubOptions options = new HubOptions();
  @Mixin ForwardOptions forward = new ForwardOptions();

  @Option(
      names = {"-e", "--events"},
      split = ",",
      paramLabel = "TYPE",
      description = "Only these types, such as payment.succeeded,payout.paid.")
  List<String> types = List.of();

  @Option(
      names = "--resume",
      description = "Go on after the last event that an earlier run sent to the same URL.")
  boolean resume;

  @Option(names = "--after", paramLabel = "ID", description = "Go on after this event (evt_…).")
  @Nullable String after;

  @Option(names = "--count", paramLabel = "N", description = "End after so many events.")
  int count = Integer.MAX_VALUE;

  @Option(
      names = "--silence",
      hidden = true,
      description = "Seconds without a sign of life after which the line is taken up again.")
  int silenceSeconds = 60;

  private int seen;

  @Override
  public Integer call() throws InterruptedException {
    if (count < 1) throw options.usage("--count is 1 or more");
    if (resume && after != null) throw options.usage("give either --resume or --after");
    var hub = options.merchant();
    var report = options.report();
    var forwarder =
        forward.wanted() ? Optional.of(forward.forwarder(options)) : Optional.<Forwarder>empty();
    var position =
        Position.in(
            forward.state,
            hub.url().toString(),
            forwarder.map(it -> it.target().toString()).orElse("nowhere"));
    var stream = new EventStream(hub, types, patience(), start(position), report);
    return stream
        .follow(
            () -> ready(hub, report),
            event -> {
              take(event, forwarder, report);
              keep(position, event, report);
              return ++seen < count;
            })
        .value();
  }

  private EventStream.Patience patience() {
    return new EventStream.Patience(Duration.ofSeconds(silenceSeconds), options.pause());
  }

  private Optional<String> start(Position position) {
    if (after != null) return Optional.of(after);
    if (!resume) return Optional.empty();
    try {
      return position.read();
    } catch (IOException e) {
      throw options.usage("the position cannot be read: " + e.getMessage());
    }
  }

  private ExitCode ready(HubClient hub, Report report) {
    if (!forward.wanted()) {
      report.note("Listening to " + hub.url() + ". --forward-to URL would send events on.");
      return ExitCode.OK;
    }
    report.note("Ready: events of %s go to %s.".formatted(hub.url(), forward.target(options)));
    report.note("Your webhook signing secret is " + forward.secret(options).text());
    return ExitCode.OK;
  }

  private static void take(Frame event, Optional<Forwarder> forwarder, Report report)
      throws InterruptedException {
    var line = JsonNodeFactory.instance.objectNode();
    line.set("event", HubClient.parsed(event.data()));
    var text = "%s  --> %s [%s]".formatted(now(), event.type(), event.id());
    if (forwarder.isEmpty()) {
      report.line(line, text);
      return;
    }
    report.note(text);
    var receipt = forwarder.get().send(event.id(), event.data());
    receipt.status().ifPresent(status -> line.put("status", status));
    if (receipt.status().isEmpty()) line.put("error", receipt.failure());
    line.put("duration_ms", receipt.millis());
    report.line(line, sent(forwarder.get(), event.id(), receipt));
  }

  static String sent(Forwarder forwarder, String id, Receipt receipt) {
    return "%s  <-- %s POST %s [%s]".formatted(now(), receipt.text(), forwarder.target(), id);
  }

  private static LocalTime now() {
    return LocalTime.now(ZoneId.systemDefault()).truncatedTo(ChronoUnit.SECONDS);
  }

  /// A position that cannot be kept costs a repeat at the next start.
  private static void keep(Position position, Frame event, Report report) {
    try {
      position.write(event.id());
    } catch (IOException e) {
      report.warn("the position is not kept: " + e.getMessage());
    }
  }
}
