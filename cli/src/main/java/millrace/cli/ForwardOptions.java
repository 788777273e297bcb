package millrace.cli;

import java.io.IOException;
import java.net.URI;
import java.nio.file.Path;
import java.time.Clock;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/// Where events are sent from here, and signed with what.
final class ForwardOptions {
  @Option(
      names = {"-f", "--forward-to"},
      paramLabel = "URL",
      description = "Your server, such as localhost:4242/hooks.")
  @Nullable String forwardTo;

  @Option(
      names = "--secret",
      paramLabel = "SECRET",
      description = "Sign with this (whsec_…) instead of this machine's own.")
  @Nullable String secret;

  @Option(
      names = "--state",
      paramLabel = "DIR",
      defaultValue = "${sys:user.home}/.millrace/listen",
      description = "Where the secret and the positions are kept (${DEFAULT-VALUE}).")
  Path state = Path.of(".");

  boolean wanted() {
    return forwardTo != null;
  }

  URI target(HubOptions options) {
    var text = forwardTo == null ? "" : forwardTo;
    return Urls.parse(text).orElseThrow(() -> options.usage("not a URL to call: " + text));
  }

  SigningSecret secret(HubOptions options) {
    if (secret != null) {
      return SigningSecret.of(secret)
          .orElseThrow(() -> options.usage("--secret is whsec_ and base64 of 24 bytes or more"));
    }
    try {
      return SigningSecret.in(state);
    } catch (IOException e) {
      throw options.usage("no signing secret: " + e.getMessage());
    }
  }

  Forwarder forwarder(HubOptions options) {
    return new Forwarder(target(options), secret(options), Clock.systemUTC());
  }
}
