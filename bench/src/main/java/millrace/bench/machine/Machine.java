package millrace.bench.machine;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Stream;

/// Where figures come from: without it they say nothing.
///
/// @param commit of the source, with a mark when it was changed since
public record Machine(
    int cores, String processor, long memoryMebibytes, String system, String jdk, String commit) {
  public static Machine here() {
    return new Machine(
        Runtime.getRuntime().availableProcessors(),
        after(Path.of("/proc/cpuinfo"), "model name"),
        Long.parseLong("0" + after(Path.of("/proc/meminfo"), "MemTotal").replaceAll("[^0-9]", ""))
            / 1024,
        System.getProperty("os.name") + " " + System.getProperty("os.version"),
        System.getProperty("java.vm.name") + " " + Runtime.version(),
        said("git", "rev-parse", "--short", "HEAD")
            + (said("git", "status", "--porcelain", "--untracked-files=no").isEmpty()
                ? ""
                : ", changed since"));
  }

  @Override
  public String toString() {
    return "%d cores (%s), %,d MiB, %s, %s, commit %s"
        .formatted(cores, processor, memoryMebibytes, system, jdk, commit);
  }

  private static String after(Path file, String name) {
    try (Stream<String> lines = Files.lines(file)) {
      return lines
          .filter(line -> line.startsWith(name))
          .map(line -> line.substring(line.indexOf(':') + 1).strip())
          .findFirst()
          .orElse("");
    } catch (IOException unknown) {
      return "";
    }
  }

  /// Empty where there is no git or no repository.
  private static String said(String... command) {
    try {
      var process =
          new ProcessBuilder(command).redirectError(ProcessBuilder.Redirect.DISCARD).start();
      return new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8).strip();
    } catch (IOException noSuchProgram) {
      return "";
    }
  }
}
