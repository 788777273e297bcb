package millrace.payer;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.net.http.HttpHeaders;
import java.net.http.HttpRequest;

/// How requests leave. [JdkHttp] is the real one.
@FunctionalInterface
public interface Http {
  Answer send(HttpRequest request) throws IOException, InterruptedException;

  /// A whole answer. Its body is what the caller paid for, or an explanation.
  final class Answer {
    static final int PAYMENT_REQUIRED = 402;

    private final int status;
    private final HttpHeaders headers;
    private final byte[] body;

    public Answer(int status, HttpHeaders headers, byte[] body) {
      this.status = status;
      this.headers = headers;
      this.body = body.clone();
    }

    public int status() {
      return status;
    }

    public HttpHeaders headers() {
      return headers;
    }

    public byte[] body() {
      return body.clone();
    }

    public String text() {
      return new String(body, UTF_8);
    }

    public boolean isSuccess() {
      return status >= 200 && status < 300;
    }

    @Override
    public String toString() {
      return "Answer(%d, %d bytes)".formatted(status, body.length);
    }
  }
}
