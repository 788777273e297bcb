package millrace.gateway.problem;

import jakarta.servlet.FilterChain;
import jakarta.servlet.ReadListener;
import jakarta.servlet.ServletException;
import jakarta.servlet.ServletInputStream;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletRequestWrapper;
import jakarta.servlet.http.HttpServletResponse;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.util.Set;
import org.springframework.core.Ordered;
import org.springframework.core.annotation.Order;
import org.springframework.stereotype.Component;
import org.springframework.web.filter.OncePerRequestFilter;

/// No request of the merchant API has a reason to be large. A body that says so is refused before
/// it is read; one that does not say is read up to the limit. It is here as a whole before anything
/// else happens, so whoever sends slowly keeps nothing waiting but its own connection.
@Component
@Order(Ordered.HIGHEST_PRECEDENCE + 2)
public class BodyLimitFilter extends OncePerRequestFilter {
  public static final int MAX_BYTES = 64 * 1024;

  private static final Set<String> READ_BY_THEIR_HANDLER = Set.of("/v1/payments/batch");

  private final ProblemWriter writer;

  BodyLimitFilter(ProblemWriter writer) {
    this.writer = writer;
  }

  /// Whether the handler reads the body itself, within limits of its own.
  public static boolean leavesTheBody(HttpServletRequest request) {
    return READ_BY_THEIR_HANDLER.contains(request.getServletPath());
  }

  public static Problem tooLarge() {
    return Problem.of(ProblemCode.BODY_TOO_LARGE, "At most " + MAX_BYTES + " bytes.");
  }

  public static Problem incomplete() {
    return Problem.of(ProblemCode.INVALID_REQUEST, "The body did not arrive as a whole.");
  }

  /// By the path that handlers are found by: the one on the wire can be written in many ways.
  @Override
  protected boolean shouldNotFilter(HttpServletRequest request) {
    return !request.getServletPath().startsWith("/v1/") || leavesTheBody(request);
  }

  @Override
  protected void doFilterInternal(
      HttpServletRequest request, HttpServletResponse response, FilterChain chain)
      throws ServletException, IOException {
    long declared = request.getContentLengthLong();
    if (declared > MAX_BYTES) {
      writer.write(request, response, tooLarge());
      return;
    }
    byte[] body;
    try {
      int most = declared < 0 ? MAX_BYTES + 1 : (int) declared;
      body = request.getInputStream().readNBytes(most);
    } catch (IOException broken) {
      // The container answers by itself when the client has gone.
      if (!response.isCommitted()) writer.write(request, response, incomplete());
      return;
    }
    if (body.length > MAX_BYTES) {
      writer.write(request, response, tooLarge());
    } else if (body.length < declared) {
      writer.write(request, response, incomplete());
    } else {
      chain.doFilter(new Arrived(request, body), response);
    }
  }

  private static final class Arrived extends HttpServletRequestWrapper {
    private final ServletInputStream body;

    Arrived(HttpServletRequest request, byte[] body) {
      super(request);
      this.body = new ArrivedStream(body);
    }

    @Override
    public ServletInputStream getInputStream() {
      return body;
    }
  }

  private static final class ArrivedStream extends ServletInputStream {
    private final ByteArrayInputStream bytes;

    ArrivedStream(byte[] body) {
      this.bytes = new ByteArrayInputStream(body);
    }

    @Override
    public int read() {
      return bytes.read();
    }

    @Override
    public int read(byte[] into, int offset, int length) {
      return bytes.read(into, offset, length);
    }

    @Override
    public boolean isFinished() {
      return bytes.available() == 0;
    }

    @Override
    public boolean isReady() {
      return true;
    }

    @Override
    public void setReadListener(ReadListener listener) {
      throw new UnsupportedOperationException("nothing is left to wait for");
    }
  }
}
