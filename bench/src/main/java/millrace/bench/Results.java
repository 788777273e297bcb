package millrace.bench;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.LinkedHashMap;
import java.util.Map;
import millrace.bench.machine.Machine;
import tools.jackson.databind.json.JsonMapper;

/// What a benchmark found, in a file that says where and how.
public final class Results {
  private static final JsonMapper JSON = JsonMapper.builder().build();
  private static final Path FOLDER = Path.of("bench", "results");

  private Results() {}

  /// @param last the object of the last line
  /// @param details everything else that was measured
  public static Path write(
      String benchmark,
      Machine machine,
      Map<String, ?> settings,
      Map<String, ?> last,
      Object details) {
    var at = Instant.now().truncatedTo(ChronoUnit.SECONDS);
    var all = new LinkedHashMap<String, Object>();
    all.put("benchmark", benchmark);
    all.put("at", at.toString());
    all.put("machine", machine);
    all.put("settings", settings);
    all.put("result", last);
    all.put("details", details);
    try {
      Files.createDirectories(FOLDER);
      var file = FOLDER.resolve(benchmark + "-" + at.toString().replace(":", "") + ".json");
      var text = JSON.writerWithDefaultPrettyPrinter().writeValueAsString(all);
      return Files.writeString(file, text + "\n");
    } catch (IOException e) {
      throw new UncheckedIOException("cannot write the result", e);
    }
  }

  /// The last line that a benchmark prints.
  public static String line(Map<String, ?> last) {
    return JSON.writeValueAsString(last);
  }
}
