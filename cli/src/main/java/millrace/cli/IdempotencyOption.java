package millrace.cli;

import java.util.UUID;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/// So that a request whose answer was lost can be made again without being done twice.
final class IdempotencyOption {
  @Option(
      names = "--idempotency-key",
      paramLabel = "KEY",
      description =
          "Your name for this request: with the same one it is done once, however often you ask."
              + " Default: a new one.")
  @Nullable String given;

  String key() {
    return given == null ? UUID.randomUUID().toString() : given;
  }
}
