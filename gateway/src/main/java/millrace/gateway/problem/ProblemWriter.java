package millrace.gateway.problem;

import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import org.springframework.http.HttpHeaders;
import org.springframework.http.MediaType;
import org.springframework.http.ResponseEntity;
import org.springframework.stereotype.Component;
import tools.jackson.databind.json.JsonMapper;

/// Puts a problem on the wire, inside Spring MVC and outside of it.
@Component
public class ProblemWriter {
  private final JsonMapper json;

  ProblemWriter(JsonMapper json) {
    this.json = json;
  }

  public void write(HttpServletRequest request, HttpServletResponse response, Problem problem)
      throws IOException {
    response.resetBuffer();
    response.setStatus(problem.code().status());
    response.setHeader(HttpHeaders.CACHE_CONTROL, "no-store");
    problem
        .retryAfterSeconds()
        .ifPresent(seconds -> response.setHeader(HttpHeaders.RETRY_AFTER, "" + seconds));
    response.setContentType(MediaType.APPLICATION_PROBLEM_JSON_VALUE);
    byte[] body = json.writeValueAsBytes(problem.body(RequestIdFilter.of(request)));
    response.setContentLength(body.length);
    response.getOutputStream().write(body);
  }

  ResponseEntity<Object> entity(HttpServletRequest request, Problem problem) {
    var answer =
        ResponseEntity.status(problem.code().status())
            .contentType(MediaType.APPLICATION_PROBLEM_JSON)
            .header(HttpHeaders.CACHE_CONTROL, "no-store");
    problem
        .retryAfterSeconds()
        .ifPresent(seconds -> answer.header(HttpHeaders.RETRY_AFTER, "" + seconds));
    if (problem.code().status() == 401) {
      answer.header(HttpHeaders.WWW_AUTHENTICATE, "Bearer");
    }
    // Written by hand: the body must leave in this form whatever the client accepts.
    return answer.body(json.writeValueAsBytes(problem.body(RequestIdFilter.of(request))));
  }
}
