package millrace.gateway.payment;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;
import millrace.gateway.problem.ProblemCode;
import millrace.gateway.problem.ProblemException;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.Test;

class BatchBodyTest {
  private static final int UNDECLARED = -1;
  private static final BatchSettings SETTINGS =
      new BatchSettings(100, 5, Duration.ofMillis(200), 1, 1);

  @Test
  void theLastLineNeedsNoEnd() throws IOException {
    assertThat(lines("a\nbc")).containsExactly("a", "bc");
    assertThat(lines("a\nbc\n")).containsExactly("a", "bc");
  }

  @Test
  void anEmptyLineIsALine() throws IOException {
    assertThat(lines("\na\n\n")).containsExactly("", "a", "");
  }

  @Test
  void nothingIsNoBatch() {
    refused(ProblemCode.INVALID_REQUEST, () -> lines(""));
  }

  @Test
  void moreLinesThanAllowedAreRefused() throws IOException {
    assertThat(lines("1\n2\n3\n4\n5\n")).hasSize(5);
    refused(ProblemCode.BODY_TOO_LARGE, () -> lines("1\n2\n3\n4\n5\n6"));
  }

  @Test
  void aBodyThatSaysItIsTooLargeIsNotRead() {
    var unread = new Endless();
    refused(ProblemCode.BODY_TOO_LARGE, () -> BatchBody.of(unread, 101, SETTINGS));
    assertThat(unread.read).isZero();
  }

  @Test
  void aBodyThatDoesNotSayItIsCutOff() throws IOException {
    assertThat(lines("x".repeat(100))).hasSize(1);
    refused(ProblemCode.BODY_TOO_LARGE, () -> lines("x".repeat(101)));
    var endless = new Endless();
    refused(ProblemCode.BODY_TOO_LARGE, () -> BatchBody.of(endless, UNDECLARED, SETTINGS));
    assertThat(endless.read).isLessThan(200_000);
  }

  @Test
  void aBodyThatEndsTooSoonIsNone() {
    var body = new ByteArrayInputStream("a\nb\n".getBytes(UTF_8));
    refused(ProblemCode.INVALID_REQUEST, () -> BatchBody.of(body, 5, SETTINGS));
  }

  @Test
  void aBodyThatComesSlowlyIsGivenUp() {
    var drops =
        new InputStream() {
          @Override
          public int read() {
            return 'x';
          }

          @Override
          public int read(byte[] into, int offset, int length) throws IOException {
            try {
              Thread.sleep(50);
            } catch (InterruptedException e) {
              throw new IOException(e);
            }
            into[offset] = 'x';
            return 1;
          }
        };
    refused(ProblemCode.BODY_TOO_SLOW, () -> BatchBody.of(drops, UNDECLARED, SETTINGS));
  }

  private static List<String> lines(String text) throws IOException {
    var body = BatchBody.of(new ByteArrayInputStream(text.getBytes(UTF_8)), UNDECLARED, SETTINGS);
    return IntStream.range(0, body.lines())
        .mapToObj(
            index ->
                body.line(index, (bytes, from, length) -> new String(bytes, from, length, UTF_8)))
        .toList();
  }

  private static void refused(ProblemCode code, ThrowingCallable reading) {
    assertThatThrownBy(reading)
        .isInstanceOfSatisfying(
            ProblemException.class, e -> assertThat(e.problem().code()).isEqualTo(code));
  }

  private static final class Endless extends InputStream {
    private long read;

    @Override
    public int read() {
      return read(new byte[1], 0, 1) < 0 ? -1 : 'x';
    }

    @Override
    public int read(byte[] into, int offset, int length) {
      if (read > 1_000_000) throw new IllegalStateException("still reading");
      Arrays.fill(into, offset, offset + length, (byte) 'x');
      read += length;
      return length;
    }
  }
}
