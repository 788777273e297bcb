package millrace.acceptance;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.regex.Pattern;

/// A page for people, as one long script: its `sh` blocks in their order, and its files where they
/// are shown. What a reader would have installed and started before is there.
record Guide(Path page) {
  private static final Path DOCS = Path.of(System.getProperty("acceptance.docs", "../docs"));
  private static final Path CLIENTS = Path.of(System.getProperty("acceptance.clients", "clients"));
  private static final Pattern BLOCK =
      Pattern.compile("^```(\\w+)(?: ([\\w.]+))?\\n(.*?)^```$", Pattern.DOTALL | Pattern.MULTILINE);

  static Guide of(String name) {
    return new Guide(DOCS.resolve(name));
  }

  /// Everything it prints.
  String run(Path directory, Map<String, String> environment)
      throws IOException, InterruptedException {
    var script = directory.resolve("guide.sh");
    Files.writeString(script, script());
    var modules = directory.resolve("node_modules");
    if (!Files.exists(modules)) {
      Files.createSymbolicLink(modules, CLIENTS.resolve("node_modules").toAbsolutePath());
    }
    var builder =
        new ProcessBuilder("bash", script.toString())
            .directory(directory.toFile())
            .redirectErrorStream(true)
            .redirectOutput(directory.resolve("guide.log").toFile());
    builder.environment().putAll(environment);
    var process = builder.start();
    boolean ended = process.waitFor(2, TimeUnit.MINUTES);
    process.descendants().forEach(ProcessHandle::destroyForcibly);
    process.destroyForcibly();
    var output = Files.readString(directory.resolve("guide.log"));
    assertThat(ended).as("%s ends; it says: %s", page, output).isTrue();
    assertThat(process.exitValue()).as("%s says: %s", page, output).isZero();
    return output;
  }

  private String script() throws IOException {
    // What is started in the background ends with the script; where there is nothing, no matter.
    var script = new StringBuilder("set -euo pipefail\n");
    script.append("trap 'kill $(jobs -p) 2>/dev/null || true' EXIT\n");
    var blocks = BLOCK.matcher(Files.readString(page, UTF_8));
    while (blocks.find()) {
      var language = blocks.group(1);
      var name = blocks.group(2);
      if (language.equals("sh")) {
        script.append("install".equals(name) ? installed(blocks.group(3)) : blocks.group(3));
      } else if (name != null) {
        script.append("cat > ").append(name).append(" <<'END_OF_FILE'\n");
        script.append(blocks.group(3)).append("END_OF_FILE\n");
      }
    }
    return script.toString();
  }

  /// What the page has its reader install is what is here.
  private static String installed(String command) throws IOException {
    var locked = Rest.JSON.readTree(Files.readString(CLIENTS.resolve("package.json")));
    for (var dependency : locked.path("dependencies").properties()) {
      var wanted = dependency.getKey() + "@" + dependency.getValue().stringValue();
      assertThat(command).contains(wanted);
    }
    return "";
  }

  static List<String> all() {
    return List.of(
        "getting-started/first-payment.md",
        "getting-started/javascript.md",
        "getting-started/java.md",
        "recipes/metered-api.md",
        "recipes/article-paywall.md",
        "recipes/refund.md");
  }
}
