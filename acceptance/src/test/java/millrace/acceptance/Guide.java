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
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/// A page for people, as one long script: its `sh` blocks in their order, and its files where they
/// are shown. What a reader would have installed and started before is there.
///
/// @param last what is run after the page, for what has to be seen before it ends
record Guide(Path page, String last) {
  private static final Path DOCS = Path.of(System.getProperty("acceptance.docs", "../docs"));
  private static final Path CLIENTS = Path.of(System.getProperty("acceptance.clients", "clients"));
  private static final Pattern BLOCK =
      Pattern.compile(
          "^ *```(\\w+)(?: ([\\w.]+))?\\n(.*?)^ *```$", Pattern.DOTALL | Pattern.MULTILINE);
  // What the background said is shown at the end. Where there is nothing to end, no matter.
  private static final String PROLOGUE =
      """
      set -euo pipefail
      end() {
        cat background.log 2>/dev/null || true
        kill $(jobs -p) 2>/dev/null || true
        kill -- -${BACKGROUND:-none} 2>/dev/null || true
      }
      trap end EXIT
      # Whoever does not throw the answer away means it to be a good one.
      curl() {
        case " $* " in
          *" -o /dev/null "*) command curl "$@" ;;
          *) command curl -sS --fail-with-body "$@" ;;
        esac
      }
      """;

  static Guide of(String name) {
    return new Guide(DOCS.resolve(name), "");
  }

  Guide then(String commands) {
    return new Guide(page, commands);
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
    var script = new StringBuilder(PROLOGUE);
    var blocks = BLOCK.matcher(Files.readString(page, UTF_8));
    while (blocks.find()) {
      var language = blocks.group(1);
      var name = blocks.group(2);
      if (language.equals("sh")) {
        script.append(commands(name, blocks.group(3)));
      } else if (name != null) {
        script.append("cat > ").append(name).append(" <<'END_OF_FILE'\n");
        script.append(blocks.group(3)).append("END_OF_FILE\n");
      }
    }
    return script.append(last).toString();
  }

  private static String commands(@Nullable String how, String block) throws IOException {
    return switch (how) {
      case null -> block;
      case "install" -> installed(block);
      case "hub" -> running(block);
      case "background" -> background(block);
      default -> throw new AssertionError("no way to run a block: " + how);
    };
  }

  /// The page's other terminal, which is ready when it says so.
  private static String background(String block) {
    return """
        set -m
        {
        %s} > background.log 2>&1 &
        BACKGROUND=$!
        set +m
        until grep -q Ready background.log; do kill -0 $BACKGROUND; sleep 0.1; done
        """
        .formatted(block);
  }

  /// The blocks of which the page does not say what they are, so that none is passed over.
  List<String> unnamedBlocks() throws IOException {
    var fences =
        Files.readAllLines(page, UTF_8).stream()
            .map(String::strip)
            .filter(line -> line.startsWith("```"))
            .toList();
    return IntStream.range(0, fences.size())
        .filter(n -> n % 2 == 0 && fences.get(n).equals("```"))
        .mapToObj(n -> "block " + (n / 2 + 1) + " of " + page)
        .toList();
  }

  /// The hub that the page has its reader start runs here.
  private static String running(String command) {
    assertThat(command).isEqualTo("./millrace up\n");
    return "";
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

  /// The pages with commands, but the operator's: its images and clusters are other tests' matter.
  static List<Guide> all() throws IOException {
    try (var started = Files.list(DOCS.resolve("getting-started"));
        var recipes = Files.list(DOCS.resolve("recipes"))) {
      return Stream.of(started, recipes, Stream.of(DOCS.resolve("command-line.md")))
          .flatMap(pages -> pages)
          .filter(page -> !page.endsWith("operator.md"))
          .map(page -> new Guide(page, ""))
          .toList();
    }
  }
}
