package millrace.gateway.payment;

import jakarta.servlet.http.HttpServletRequest;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.util.stream.IntStream;
import millrace.gateway.problem.BodyLimitFilter;
import millrace.gateway.problem.Problem;
import millrace.gateway.problem.ProblemCode;

/// The body of a batch: all of it, or none.
final class BatchBody {
  private static final int BUFFER_BYTES = 16 * 1024;

  private final byte[] bytes;
  private final int[] ends;

  private BatchBody(byte[] bytes) {
    this.bytes = bytes;
    this.ends =
        IntStream.rangeClosed(0, bytes.length)
            .filter(at -> at == bytes.length ? !isEnd(at - 1) : bytes[at] == '\n')
            .toArray();
  }

  private boolean isEnd(int at) {
    return at < 0 || bytes[at] == '\n';
  }

  /// Reads no further than the limits, whatever the request says of itself.
  static BatchBody of(HttpServletRequest request, BatchSettings settings) {
    try {
      return of(request.getInputStream(), request.getContentLengthLong(), settings);
    } catch (IOException broken) {
      throw BodyLimitFilter.incomplete().asException();
    }
  }

  /// @param declared length, negative when there is none
  static BatchBody of(InputStream from, long declared, BatchSettings settings) throws IOException {
    if (declared > settings.maxBytes()) throw tooLarge(settings);
    byte[] bytes = read(from, settings);
    if (bytes.length < declared) throw BodyLimitFilter.incomplete().asException();
    var body = new BatchBody(bytes);
    if (body.lines() == 0) {
      throw Problem.of(ProblemCode.INVALID_REQUEST, "Send a payment on each line.").asException();
    }
    if (body.lines() > settings.maxLines()) {
      throw Problem.of(ProblemCode.BODY_TOO_LARGE, "At most " + settings.maxLines() + " lines.")
          .asException();
    }
    return body;
  }

  private static byte[] read(InputStream from, BatchSettings settings) throws IOException {
    long end = System.nanoTime() + settings.bodyWait().toNanos();
    var bytes = new ByteArrayOutputStream(BUFFER_BYTES);
    byte[] buffer = new byte[BUFFER_BYTES];
    for (int read = from.read(buffer); read >= 0; read = from.read(buffer)) {
      bytes.write(buffer, 0, read);
      if (bytes.size() > settings.maxBytes()) throw tooLarge(settings);
      if (System.nanoTime() - end > 0) {
        throw Problem.of(
                ProblemCode.BODY_TOO_SLOW,
                "It has " + settings.bodyWait().toSeconds() + " seconds; nothing was taken.")
            .asException();
      }
    }
    return bytes.toByteArray();
  }

  private static RuntimeException tooLarge(BatchSettings settings) {
    return Problem.of(ProblemCode.BODY_TOO_LARGE, "At most " + settings.maxBytes() + " bytes.")
        .asException();
  }

  int lines() {
    return ends.length;
  }

  /// @param index from 0
  <T> T line(int index, Reader<T> reader) {
    int from = index == 0 ? 0 : ends[index - 1] + 1;
    return reader.read(bytes, from, ends[index] - from);
  }

  interface Reader<T> {
    T read(byte[] bytes, int offset, int length);
  }
}
