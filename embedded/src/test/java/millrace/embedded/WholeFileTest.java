package millrace.embedded;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class WholeFileTest {
  private static final int WRITERS = 3;
  private static final int TIMES = 300;

  @TempDir Path folder;

  @Test
  void whoeverReadsWhileSeveralWriteFindsTheWholeText() throws Exception {
    var file = folder.resolve("file");
    var text = "a line of some length\n".repeat(5_000);
    WholeFile.write(file, text);
    whileItIsWritten(
        () -> WholeFile.write(file, text),
        () -> assertThat(Files.readString(file).length()).isEqualTo(text.length()));
  }

  @Test
  void whoeverReadsWhileItIsCopiedFindsAllOfIt() throws Exception {
    var source = Files.write(folder.resolve("source"), new byte[300_000]);
    var file = folder.resolve("copy");
    WholeFile.copy(source, file);
    whileItIsWritten(
        () -> WholeFile.copy(source, file), () -> assertThat(Files.size(file)).isEqualTo(300_000));
  }

  /// Nothing else stays behind in the folder.
  private void whileItIsWritten(Step write, Step read) throws Exception {
    long before = files();
    try (var threads = Executors.newFixedThreadPool(WRITERS + 1)) {
      Callable<Boolean> writer = () -> repeated(write);
      var writers = IntStream.range(0, WRITERS).mapToObj(_ -> threads.submit(writer)).toList();
      while (!writers.stream().allMatch(Future::isDone)) read.run();
      for (var done : writers) assertThat(done.get()).isTrue();
    }
    assertThat(files()).isEqualTo(before);
  }

  private static boolean repeated(Step step) throws Exception {
    for (int i = 0; i < TIMES; i++) step.run();
    return true;
  }

  private long files() throws Exception {
    try (var all = Files.list(folder)) {
      return all.count();
    }
  }

  @FunctionalInterface
  private interface Step {
    void run() throws Exception;
  }
}
