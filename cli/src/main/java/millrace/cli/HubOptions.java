package millrace.cli;

import java.net.URI;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/// Which hub, as whom, and how to say it. Every command has these.
final class HubOptions {
  static final String URL_VARIABLE = "MILLRACE_URL";
  static final String KEY_VARIABLE = "MILLRACE_API_KEY";
  static final String OPERATOR_VARIABLE = "MILLRACE_OPERATOR_KEY";

  private static final Pattern HERE =
      Pattern.compile("localhost|127(\\.[0-9]{1,3}){3}|\\[::1]", Pattern.CASE_INSENSITIVE);

  @Spec(Spec.Target.MIXEE)
  @Nullable CommandSpec spec;

  @Option(
      names = "--url",
      paramLabel = "URL",
      description =
          "Of the gateway. Default: the variable "
              + URL_VARIABLE
              + ", else the hub that `millrace up` runs here.")
  @Nullable String url;

  @Option(
      names = {"--key", "--api-key"},
      paramLabel = "KEY",
      description =
          "An API key; the operator key for what the operator does. Others on this machine can"
              + " read it from the list of processes: prefer the variables "
              + KEY_VARIABLE
              + " and "
              + OPERATOR_VARIABLE
              + ". Default for a hub on this machine: what `millrace up` keeps.")
  @Nullable String key;

  @Option(names = "--json", description = "Print JSON, one object a line.")
  boolean json;

  @Option(
      names = {"-q", "--quiet"},
      description = "Nothing on standard error but failures.")
  boolean quiet;

  @Option(names = "--retry-pause", hidden = true, description = "Milliseconds, at first.")
  int pauseMillis = 500;

  private Map<String, String> environment = System.getenv();

  /// For tests, which cannot set variables of their own process.
  void in(Map<String, String> variables) {
    environment = variables;
  }

  HubClient merchant() {
    return client(KEY_VARIABLE, "merchant_key");
  }

  HubClient operator() {
    return client(OPERATOR_VARIABLE, "operator_key");
  }

  Duration pause() {
    return Duration.ofMillis(pauseMillis);
  }

  KeptKeys kept() {
    return KeptKeys.in(environment);
  }

  Report report() {
    return new Report(System.out, System.err, json, quiet);
  }

  private HubClient client(String variable, String name) {
    var kept = kept();
    var text =
        Optional.ofNullable(url).or(() -> Optional.ofNullable(environment.get(URL_VARIABLE)));
    var address = text.map(this::parsed).orElseGet(kept::url);
    var secret =
        Optional.ofNullable(key)
            .or(() -> Optional.ofNullable(environment.get(variable)))
            .or(() -> isHere(address) ? kept.get(name) : Optional.empty())
            .map(String::strip)
            .orElseThrow(() -> usage("no key: set the variable " + variable + ", or give --key"));
    if (!secret.matches("[\\x21-\\x7e]+")) throw usage("the key has characters that no key has");
    return new HubClient(address, secret, pause());
  }

  private URI parsed(String text) {
    return Urls.parse(text).orElseThrow(() -> usage("not the URL of a gateway: " + text));
  }

  /// The keys that lie about here are for no other machine's eyes.
  private static boolean isHere(URI address) {
    return HERE.matcher(address.getHost()).matches();
  }

  ParameterException usage(String message) {
    if (spec == null) throw new IllegalStateException("not part of a command");
    return new ParameterException(spec.commandLine(), message);
  }
}
