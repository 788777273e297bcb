package millrace.gateway.webhook;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;

import com.standardwebhooks.Webhook;
import com.standardwebhooks.exceptions.WebhookSigningException;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/// The programs of the partner's guide, run as they are printed.
class PartnerGuideIT {
  private static final Path GUIDE = Path.of("..", "docs", "getting-started", "partner.md");
  private static final String SECRET = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw";
  private static final String OTHER = "whsec_C2FVsBQIhrscChlQIMV+b5sSYspob7oD";
  private static final String BODY = "{\"type\":\"payment.succeeded\",\"name\":\"Zoë\"}";

  @TempDir private Path folder;

  /// @param run what starts it, without arguments
  record Language(String fence, String file, List<String> run) {}

  static Stream<Language> languages() {
    var java = Path.of(System.getProperty("java.home"), "bin", "java").toString();
    return Stream.of(
        new Language("java", "Verify.java", List.of(java, "-XX:TieredStopAtLevel=1")),
        new Language("js", "verify.mjs", List.of("node")),
        new Language("python", "verify.py", List.of("python3")),
        new Language("go", "verify.go", List.of("go", "run")));
  }

  @ParameterizedTest
  @MethodSource("languages")
  void aProgramOfTheGuideTellsOurMessagesFromOthers(Language language) throws Exception {
    assumeThat(isPresent(language.run.getFirst())).as("%s is here", language.fence).isTrue();
    Files.writeString(folder.resolve(language.file), snippet(language.fence));
    var now = Instant.now();

    assertThat(believes(language, now, sign(SECRET, now), BODY)).isTrue();
    assertThat(believes(language, now, sign(OTHER, now) + " " + sign(SECRET, now), BODY)).isTrue();
    assertThat(believes(language, now, sign(OTHER, now), BODY)).isFalse();
    assertThat(believes(language, now, sign(SECRET, now), BODY + " ")).isFalse();
    var old = now.minus(Duration.ofMinutes(10));
    assertThat(believes(language, old, sign(SECRET, old), BODY)).isFalse();
  }

  private static String sign(String secret, Instant at) throws WebhookSigningException {
    return new Webhook(secret).sign("evt_1", at.getEpochSecond(), BODY);
  }

  private boolean believes(Language language, Instant at, String signatures, String body)
      throws IOException, InterruptedException {
    var command = new ArrayList<>(language.run);
    command.add(language.file);
    var timestamp = Long.toString(at.getEpochSecond());
    command.addAll(List.of(SECRET, "evt_1", timestamp));
    command.add(signatures);
    var process =
        new ProcessBuilder(command)
            .directory(folder.toFile())
            .redirectError(folder.resolve("errors").toFile())
            .start();
    try (var input = process.outputWriter(StandardCharsets.UTF_8)) {
      input.write(body);
    }
    assertThat(process.waitFor(60, TimeUnit.SECONDS)).isTrue();
    assertThat(process.exitValue()).as(Files.readString(folder.resolve("errors"))).isBetween(0, 1);
    assertThat(folder.resolve("errors")).as("%s fails by itself", language.fence).isEmptyFile();
    return process.exitValue() == 0;
  }

  private static String snippet(String fence) throws IOException {
    var block =
        Pattern.compile("^```" + fence + "\\n(.*?)^```$", Pattern.DOTALL | Pattern.MULTILINE)
            .matcher(Files.readString(GUIDE));
    assertThat(block.find()).as("a %s program in the guide", fence).isTrue();
    return block.group(1);
  }

  private static boolean isPresent(String program) {
    try {
      return new ProcessBuilder(program, program.equals("go") ? "version" : "--version")
              .redirectErrorStream(true)
              .redirectOutput(ProcessBuilder.Redirect.DISCARD)
              .start()
              .waitFor()
          == 0;
    } catch (IOException absent) {
      return false;
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return false;
    }
  }
}
