package millrace.contracts;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;

/// Lets the tests of the Solidity side, and the check that the committed artifacts are what the
/// sources compile to, count as tests of this module.
class SolidityIT {
  @Test
  void theContractsPassTheirOwnTestsAndTheArtifactsAreCurrent() throws Exception {
    assertThat(Path.of("node_modules", "solc"))
        .as("node_modules is missing or incomplete: run `npm ci` in contracts/")
        .exists();

    var log = Files.createDirectories(Path.of("target")).resolve("forge.log");
    var builder =
        new ProcessBuilder("npm", "test").redirectErrorStream(true).redirectOutput(log.toFile());
    if (Boolean.getBoolean("millrace.long")) builder.environment().put("FOUNDRY_PROFILE", "long");

    int exit = builder.start().waitFor();
    assertThat(exit).as("npm test said:%n%s", Files.readString(log)).isZero();
  }
}
