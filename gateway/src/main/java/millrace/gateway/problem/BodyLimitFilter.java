package millrace.gateway.problem;

import jakarta.servlet.FilterChain;
import jakarta.servlet.ReadListener;
import jakarta.servlet.ServletException;
import jakarta.servlet.ServletInputStream;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletRequestWrapper;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import org.springframework.core.annotation.Order;
import org.springframework.stereotype.Component;
import org.springframework.web.filter.OncePerRequestFilter;

/// No request of the merchant API has a reason to be large. A body that says so is refused before
/// it is read; one that does not say is read up to the limit.
@Component
@Order(0)
class BodyLimitFilter extends OncePerRequestFilter {
  static final int MAX_BYTES = 64 * 1024;

  private final ProblemWriter writer;

  BodyLimitFilter(ProblemWriter writer) {
    this.writer = writer;
  }

  @Override
  protected boolean shouldNotFilter(HttpServletRequest request) {
    return !request.getRequestURI().startsWith("/v1/");
  }

  @Override
  protected void doFilterInternal(
      HttpServletRequest request, HttpServletResponse response, FilterChain chain)
      throws ServletException, IOException {
    if (request.getContentLengthLong() > MAX_BYTES) {
      writer.write(request, response, tooLarge());
    } else {
      chain.doFilter(new Limited(request), response);
    }
  }

  private static Problem tooLarge() {
    return Problem.of(ProblemCode.BODY_TOO_LARGE, "At most " + MAX_BYTES + " bytes.");
  }

  private static final class Limited extends HttpServletRequestWrapper {
    Limited(HttpServletRequest request) {
      super(request);
    }

    @Override
    public ServletInputStream getInputStream() throws IOException {
      return new LimitedStream(super.getInputStream());
    }
  }

  private static final class LimitedStream extends ServletInputStream {
    private final ServletInputStream stream;
    private long left = MAX_BYTES;

    LimitedStream(ServletInputStream stream) {
      this.stream = stream;
    }

    @Override
    public int read() throws IOException {
      int value = stream.read();
      if (value >= 0) count(1);
      return value;
    }

    @Override
    public int read(byte[] into, int offset, int length) throws IOException {
      int read = stream.read(into, offset, length);
      if (read > 0) count(read);
      return read;
    }

    private void count(int bytes) {
      left -= bytes;
      if (left < 0) throw tooLarge().asException();
    }

    @Override
    public boolean isFinished() {
      return stream.isFinished();
    }

    @Override
    public boolean isReady() {
      return stream.isReady();
    }

    @Override
    public void setReadListener(ReadListener listener) {
      stream.setReadListener(listener);
    }
  }
}
