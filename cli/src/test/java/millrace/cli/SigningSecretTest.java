package millrace.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.concurrent.Callable;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.Executors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SigningSecretTest {
  private static final int ROUNDS = 100;
  private static final int AT_ONCE = 4;

  @TempDir Path folder;

  @Test
  void whoeverBeginsAtTheSameMomentHasTheSameSecret() throws Exception {
    try (var threads = Executors.newFixedThreadPool(AT_ONCE)) {
      for (int round = 0; round < ROUNDS; round++) {
        var machine = folder.resolve("machine-" + round);
        var start = new CyclicBarrier(AT_ONCE);
        Callable<String> began =
            () -> {
              start.await();
              return SigningSecret.in(machine).text();
            };
        var secrets =
            threads.invokeAll(IntStream.range(0, AT_ONCE).mapToObj(_ -> began).toList()).stream()
                .map(done -> done.resultNow())
                .toList();
        assertThat(secrets).containsOnly(SigningSecret.in(machine).text());
      }
    }
  }

  @Test
  void nobodyElseCanReadIt() throws Exception {
    SigningSecret.in(folder);
    try (var files = Files.list(folder)) {
      var file = files.toList();
      assertThat(file).containsExactly(folder.resolve("secret"));
      assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(file.getFirst())))
          .isEqualTo("rw-------");
    }
  }
}
