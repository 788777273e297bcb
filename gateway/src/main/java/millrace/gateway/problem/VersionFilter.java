package millrace.gateway.problem;

import jakarta.servlet.FilterChain;
import jakarta.servlet.ServletException;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import org.springframework.core.Ordered;
import org.springframework.core.annotation.Order;
import org.springframework.stereotype.Component;
import org.springframework.web.filter.OncePerRequestFilter;

/// The merchant API has a version by date beside the `v1` of its paths. Whoever names none gets the
/// newest; whoever names one that is not served is told so before anything happens. A filter and
/// not the web framework's own, because payments go past that.
@Component
@Order(Ordered.HIGHEST_PRECEDENCE + 1)
public class VersionFilter extends OncePerRequestFilter {
  public static final String HEADER = "Millrace-Version";
  public static final String NEWEST = "2026-11-29";

  private final ProblemWriter writer;

  VersionFilter(ProblemWriter writer) {
    this.writer = writer;
  }

  @Override
  protected boolean shouldNotFilter(HttpServletRequest request) {
    return !request.getServletPath().startsWith("/v1/");
  }

  @Override
  protected void doFilterInternal(
      HttpServletRequest request, HttpServletResponse response, FilterChain chain)
      throws ServletException, IOException {
    response.setHeader(HEADER, NEWEST);
    var asked = request.getHeader(HEADER);
    if (asked == null || asked.equals(NEWEST)) {
      chain.doFilter(request, response);
    } else {
      writer.write(
          request,
          response,
          Problem.of(ProblemCode.UNKNOWN_VERSION, "The version served here is " + NEWEST + ".")
              .about(HEADER));
    }
  }
}
