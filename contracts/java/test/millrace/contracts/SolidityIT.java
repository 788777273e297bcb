package millrace.contracts;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIfSystemProperty;

/// Lets the tests of the Solidity side, and the check that the committed artifacts are what the
/// sources compile to, count as tests of this module.
class SolidityIT {
  @Test
  void theContractsPassTheirOwnTestsAndTheArtifactsAreCurrent() throws Exception {
    boolean isLong = Boolean.getBoolean("millrace.long");
    npm(isLong ? Map.of("FOUNDRY_PROFILE", "long") : Map.of(), "test");
  }

  /// In the long version only: they compile for half a minute, and nothing that ships depends
  /// on them.
  @Test
  @EnabledIfSystemProperty(named = "millrace.long", matches = "true")
  void whatWasNotBuiltCostsWhatTheDecisionSays() throws Exception {
    npm(Map.of(), "run", "prototypes");
  }

  private static void npm(Map<String, String> environment, String... arguments) throws Exception {
    assertThat(Path.of("node_modules", "solc"))
        .as("node_modules is missing or incomplete: run `npm ci` in contracts/")
        .exists();
    var log = Files.createDirectories(Path.of("target")).resolve("forge.log");
    var command = new ArrayList<>(List.of("npm"));
    command.addAll(List.of(arguments));
    var builder =
        new ProcessBuilder(command).redirectErrorStream(true).redirectOutput(log.toFile());
    builder.environment().putAll(environment);

    int exit = builder.start().waitFor();
    assertThat(exit).as("npm said:%n%s", Files.readString(log)).isZero();
  }
}
