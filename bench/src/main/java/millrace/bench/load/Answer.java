package millrace.bench.load;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.US_ASCII;

import java.io.ByteArrayOutputStream;
import java.util.Locale;
import java.util.Optional;

/// One answer of HTTP/1.1 as far as a load generator has to know it. Finding its end is all the
/// work that an answer costs; the body is looked at only by who needs it.
final class Answer {
  private static final byte[] LENGTH = "content-length".getBytes(US_ASCII);
  private static final byte[] ENCODING = "transfer-encoding".getBytes(US_ASCII);
  private static final byte[] CONNECTION = "connection".getBytes(US_ASCII);
  private static final int UNKNOWN = -1;

  private final int status;

  /// From the start of the answer; there may be more behind its end.
  private final byte[] bytes;

  private final int bodyStart;
  private final int end;
  private final boolean chunked;
  private final boolean last;

  private Answer(int status, byte[] bytes, int bodyStart, int end, boolean chunked, boolean last) {
    this.status = status;
    this.bytes = bytes;
    this.bodyStart = bodyStart;
    this.end = end;
    this.chunked = chunked;
    this.last = last;
  }

  /// Empty while the answer is not there as a whole.
  ///
  /// @param limit how many of the bytes are filled
  /// @throws IllegalStateException when this is no answer that a keep-alive client can read
  static Optional<Answer> in(byte[] bytes, int limit) {
    int bodyStart = headEnd(bytes, limit);
    if (bodyStart < 0) return Optional.empty();
    int status = status(bytes);
    int length = UNKNOWN;
    boolean chunked = false;
    boolean last = false;
    for (int line = lineEnd(bytes, 0, bodyStart) + 1; line < bodyStart; ) {
      int end = lineEnd(bytes, line, bodyStart);
      if (isNamed(bytes, line, LENGTH)) length = number(bytes, line + LENGTH.length + 1);
      else if (isNamed(bytes, line, ENCODING)) chunked = says(bytes, line, end, "chunked");
      else if (isNamed(bytes, line, CONNECTION)) last = says(bytes, line, end, "close");
      line = end + 1;
    }
    if (status == 204 || status == 304) length = 0;
    int end = chunked ? chunksEnd(bytes, bodyStart, limit) : end(bodyStart, length);
    if (end == UNKNOWN || end > limit) return Optional.empty();
    return Optional.of(new Answer(status, bytes, bodyStart, end, chunked, last));
  }

  int status() {
    return status;
  }

  /// Just behind the answer.
  int end() {
    return end;
  }

  /// Whether the server closes the connection after it.
  boolean last() {
    return last;
  }

  /// A copy of the body, its chunks joined.
  byte[] body() {
    var body = new ByteArrayOutputStream(end - bodyStart);
    if (!chunked) {
      body.write(bytes, bodyStart, end - bodyStart);
      return body.toByteArray();
    }
    for (int at = bodyStart; ; ) {
      int size = hex(bytes, at);
      if (size == 0) return body.toByteArray();
      int data = lineEnd(bytes, at, end) + 1;
      body.write(bytes, data, size);
      at = data + size + 2;
    }
  }

  String text() {
    return new String(bytes, 0, bodyStart, ISO_8859_1).lines().findFirst().orElse("")
        + " "
        + new String(body(), ISO_8859_1);
  }

  private static int end(int bodyStart, int length) {
    if (length == UNKNOWN)
      throw new IllegalStateException("an answer that does not say its length");
    return bodyStart + length;
  }

  private static int headEnd(byte[] bytes, int limit) {
    for (int i = 3; i < limit; i++) {
      if (bytes[i] == '\n' && bytes[i - 1] == '\r' && bytes[i - 2] == '\n') return i + 1;
    }
    return UNKNOWN;
  }

  private static int status(byte[] bytes) {
    boolean http11 = bytes[0] == 'H' && bytes[5] == '1' && bytes[7] == '1' && bytes[8] == ' ';
    if (!http11) throw new IllegalStateException("not an answer of HTTP/1.1");
    return number(bytes, 9);
  }

  /// Behind the last chunk, or unknown while that is not there.
  private static int chunksEnd(byte[] bytes, int start, int limit) {
    for (int at = start; ; ) {
      int line = lineEnd(bytes, at, limit);
      if (line == limit) return UNKNOWN;
      int size = hex(bytes, at);
      int next = line + 1 + size + 2;
      if (next > limit) return UNKNOWN;
      if (size == 0) return next;
      at = next;
    }
  }

  /// Where the line's newline is, or the limit.
  private static int lineEnd(byte[] bytes, int from, int limit) {
    int at = from;
    while (at < limit && bytes[at] != '\n') at++;
    return at;
  }

  private static boolean isNamed(byte[] bytes, int line, byte[] name) {
    if (line + name.length >= bytes.length || bytes[line + name.length] != ':') return false;
    for (int i = 0; i < name.length; i++) {
      if ((bytes[line + i] | 0x20) != name[i]) return false;
    }
    return true;
  }

  private static boolean says(byte[] bytes, int line, int end, String word) {
    return new String(bytes, line, end - line, US_ASCII).toLowerCase(Locale.ROOT).contains(word);
  }

  private static int number(byte[] bytes, int from) {
    int at = from;
    while (bytes[at] == ' ') at++;
    int number = 0;
    for (; bytes[at] >= '0' && bytes[at] <= '9'; at++) number = number * 10 + (bytes[at] - '0');
    return number;
  }

  private static int hex(byte[] bytes, int from) {
    int number = 0;
    for (int at = from; ; at++) {
      int digit = Character.digit(bytes[at], 16);
      if (digit < 0) return number;
      number = number * 16 + digit;
    }
  }
}
