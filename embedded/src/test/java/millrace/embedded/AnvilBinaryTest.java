package millrace.embedded;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class AnvilBinaryTest {
  @TempDir Path checkout;

  @Test
  void takesTheProgramAndNotTheScriptThatStartsIt() throws IOException {
    var modules = checkout.resolve("contracts/node_modules");
    var script = file(modules.resolve("@foundry-rs/anvil/bin.mjs"));
    var program = file(modules.resolve("@foundry-rs/anvil-linux-amd64/bin/anvil"));
    Files.createDirectories(modules.resolve(".bin"));
    Files.createSymbolicLink(modules.resolve(".bin/anvil"), script);
    var below = Files.createDirectories(checkout.resolve("embedded/target"));

    assertThat(AnvilBinary.find(null, null, below)).isEqualTo(program.toRealPath());
  }

  @Test
  void prefersTheOneThatIsNamed() throws IOException {
    var named = file(checkout.resolve("bin/anvil"));
    assertThat(AnvilBinary.find(named.toString(), "elsewhere", checkout))
        .isEqualTo(named.toRealPath());
    assertThat(AnvilBinary.find(null, named.toString(), checkout)).isEqualTo(named.toRealPath());
  }

  @Test
  void saysHowToGetOneWhenThereIsNone() {
    assertThatThrownBy(() -> AnvilBinary.find(null, null, checkout))
        .hasMessageContaining("./millrace")
        .hasMessageContaining("npm install");
    assertThatThrownBy(() -> AnvilBinary.find("missing", null, checkout))
        .hasMessageContaining("no anvil at missing");
  }

  private static Path file(Path path) throws IOException {
    Files.createDirectories(path.getParent());
    Files.createFile(path);
    assertThat(path.toFile().setExecutable(true)).isTrue();
    return path;
  }
}
