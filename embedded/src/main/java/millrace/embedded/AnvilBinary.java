package millrace.embedded;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/// Where the program of the development chain is. It comes from npm, with the contracts.
final class AnvilBinary {
  private static final String INSTALLED = "contracts/node_modules/.bin/anvil";

  private AnvilBinary() {}

  static Path find() {
    return find(
        System.getProperty("millrace.anvil"),
        System.getenv("MILLRACE_ANVIL"),
        Path.of("").toAbsolutePath());
  }

  static Path find(@Nullable String property, @Nullable String variable, Path start) {
    var named = property != null ? property : variable;
    if (named != null) {
      if (Files.exists(Path.of(named))) return program(Path.of(named));
      throw new IllegalStateException(
          "no anvil at %s, where millrace.anvil or MILLRACE_ANVIL says it is".formatted(named));
    }
    return Stream.iterate(start, directory -> directory != null, Path::getParent)
        .map(directory -> directory.resolve(INSTALLED))
        .filter(Files::exists)
        .findFirst()
        .map(AnvilBinary::program)
        .orElseThrow(
            () ->
                new IllegalStateException(
                    """
                    the development chain needs anvil, and there is none in contracts/node_modules. \
                    Run ./millrace once, or `npm install --no-save` in contracts/; or name one with \
                    -Dmillrace.anvil=FILE or MILLRACE_ANVIL"""));
  }

  /// What npm calls anvil is a script that starts the program as its own child; ending the script
  /// hard would leave the program running. So the program is looked up beside it.
  private static Path program(Path found) {
    try {
      var real = found.toRealPath();
      if (!real.toString().endsWith(".mjs")) return real;
      return besideScript(real)
          .orElseThrow(
              () -> new IllegalStateException("npm has no anvil for this machine beside " + real));
    } catch (IOException e) {
      throw new UncheckedIOException("cannot look for anvil at " + found, e);
    }
  }

  private static Optional<Path> besideScript(Path script) throws IOException {
    var packages = script.resolve("../..").normalize();
    try (var entries = Files.newDirectoryStream(packages, "anvil-*")) {
      for (var entry : entries) {
        var program = entry.resolve("bin/anvil");
        if (Files.isExecutable(program)) return Optional.of(program);
      }
    }
    return Optional.empty();
  }
}
