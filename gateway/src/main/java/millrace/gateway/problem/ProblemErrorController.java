package millrace.gateway.problem;

import jakarta.servlet.RequestDispatcher;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import org.springframework.boot.webmvc.error.ErrorController;
import org.springframework.stereotype.Controller;
import org.springframework.web.bind.annotation.RequestMapping;

/// Errors of the container itself, in the same shape as all others.
@Controller
class ProblemErrorController implements ErrorController {
  private final ProblemWriter writer;

  ProblemErrorController(ProblemWriter writer) {
    this.writer = writer;
  }

  @RequestMapping("${server.error.path:/error}")
  void error(HttpServletRequest request, HttpServletResponse response) throws IOException {
    int status =
        request.getAttribute(RequestDispatcher.ERROR_STATUS_CODE) instanceof Integer code
            ? code
            : 404;
    writer.write(request, response, ProblemAdvice.ofStatus(status));
  }
}
