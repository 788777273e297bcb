package millrace.cli;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;
import picocli.CommandLine.TypeConversionException;
import tools.jackson.databind.JsonNode;

@Command(
    name = "keys",
    mixinStandardHelpOptions = true,
    description = "A merchant's API keys.",
    subcommands = KeysCommand.Roll.class)
public final class KeysCommand implements Runnable {
  @Spec CommandSpec spec = CommandSpec.create();

  @Override
  public void run() {
    throw new ParameterException(spec.commandLine(), "say what to do: keys roll");
  }

  @Command(
      name = "roll",
      mixinStandardHelpOptions = true,
      sortOptions = false,
      description = {
        "Gives an API key another secret, which is shown this once.",
        "",
        "The one before stays good for a while, so that there is time to put the new one in its "
            + "place."
      },
      exitCodeListHeading = "%nExit codes:%n",
      exitCodeList = {
        "0:done",
        "2:wrong usage",
        "4:the hub refused",
        "5:no answer, or none that says what became of the request"
      })
  static final class Roll implements Callable<Integer> {
    @Mixin HubOptions options = new HubOptions();

    @Parameters(
        index = "0",
        arity = "0..1",
        paramLabel = "ID",
        description = "Of the key (key_…). Default: the one that is used to ask.")
    @Nullable String id;

    @Option(
        names = "--overlap",
        paramLabel = "TIME",
        converter = Overlap.class,
        description =
            "How long the secret before stays good: 30m, 12h, 7d, or 0. Default: the hub's, a day.")
    @Nullable Duration overlap;

    @Mixin IdempotencyOption idempotency = new IdempotencyOption();

    @Override
    public Integer call() throws InterruptedException {
      var hub = options.merchant();
      var report = options.report();
      if (id != null) return roll(hub, id, report).value();
      return switch (hub.get("/v1/api_keys?limit=100")) {
        case Answer.Done(_, var list) -> roll(hub, own(list, hub), report).value();
        case Answer other -> report.failure(other).value();
      };
    }

    /// A hint is how the secret begins.
    private String own(JsonNode keys, HubClient hub) {
      var found = new ArrayList<String>();
      for (var key : keys.path("data")) {
        var hint = key.path("hint").asString("").replace("…", "");
        if (!hint.isEmpty() && hub.hasKey(hint)) found.add(key.path("id").asString(""));
      }
      if (found.size() == 1) return found.getFirst();
      throw options.usage("which key this is cannot be told; give its ID (GET /v1/api_keys)");
    }

    private ExitCode roll(HubClient hub, String of, Report report) throws InterruptedException {
      if (!of.matches("key_[0-9a-z]{26}")) throw options.usage("a key's id is key_…: " + of);
      var key = Optional.of(idempotency.key());
      Map<String, ?> body =
          overlap == null ? Map.of() : Map.of("overlap_seconds", overlap.toSeconds());
      return switch (hub.post("/v1/api_keys/" + of + "/rotate", body, key)) {
        case Answer.Done(_, var rolled) -> {
          report.object(rolled);
          // Of another key the secret is somebody else's.
          if (id == null && hub.replaceIn(options.kept(), rolled.path("secret").asString(""))) {
            report.note("The commands here use the new secret from now on.");
          }
          yield ExitCode.OK;
        }
        case Answer other -> report.failure(other, key);
      };
    }
  }

  /// A number and a unit, as people write times.
  static final class Overlap implements ITypeConverter<Duration> {
    @Override
    public Duration convert(String text) {
      if (text.equals("0")) return Duration.ZERO;
      if (!text.matches("[0-9]{1,6}[smhd]")) {
        throw new TypeConversionException("a time is a number and s, m, h or d: " + text);
      }
      long number = Long.parseLong(text.substring(0, text.length() - 1));
      return switch (text.charAt(text.length() - 1)) {
        case 's' -> Duration.ofSeconds(number);
        case 'm' -> Duration.ofMinutes(number);
        case 'h' -> Duration.ofHours(number);
        default -> Duration.ofDays(number);
      };
    }
  }
}
