package millrace.gateway.paywall;

import jakarta.servlet.http.HttpServlet;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import millrace.gateway.problem.Problem;
import millrace.gateway.problem.ProblemException;
import millrace.gateway.problem.ProblemWriter;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Says what is wrong as the merchant API does, without its web framework.
abstract class ProblemServlet extends HttpServlet {
  private static final Logger LOG = LoggerFactory.getLogger(ProblemServlet.class);

  private final transient ProblemWriter problems;

  ProblemServlet(ProblemWriter problems) {
    this.problems = problems;
  }

  abstract void answer(HttpServletRequest request, HttpServletResponse response) throws IOException;

  @Override
  protected final void service(HttpServletRequest request, HttpServletResponse response)
      throws IOException {
    try {
      answer(request, response);
    } catch (ProblemException answer) {
      problems.write(request, response, answer.problem());
    } catch (RuntimeException bug) {
      LOG.error("a paid request failed", bug);
      if (response.isCommitted()) throw bug;
      problems.write(request, response, Problem.internalError());
    }
  }
}
