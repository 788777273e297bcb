package millrace.gateway.problem;

import java.io.IOException;
import org.apache.catalina.connector.Request;
import org.apache.catalina.connector.Response;
import org.apache.catalina.valves.ErrorReportValve;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.tomcat.servlet.TomcatServletWebServerFactory;
import org.springframework.boot.web.server.WebServerFactoryCustomizer;
import org.springframework.stereotype.Component;

/// What the container refuses before any of us is asked, such as a URL that is none, is a problem
/// like all others and no page of HTML.
@Component
class ContainerProblems implements WebServerFactoryCustomizer<TomcatServletWebServerFactory> {
  private final ProblemWriter writer;
  private final RequestIdFilter ids;

  ContainerProblems(ProblemWriter writer, RequestIdFilter ids) {
    this.writer = writer;
    this.ids = ids;
  }

  /// The valve nearest to the request reports first; that of Spring Boot is before it.
  @Override
  public void customize(TomcatServletWebServerFactory factory) {
    factory.addContextCustomizers(
        context -> context.getParent().getPipeline().addValve(new Valve(writer, ids)));
  }

  private static final class Valve extends ErrorReportValve {
    private final ProblemWriter writer;
    private final RequestIdFilter ids;

    Valve(ProblemWriter writer, RequestIdFilter ids) {
      this.writer = writer;
      this.ids = ids;
    }

    @Override
    protected void report(Request request, Response response, @Nullable Throwable thrown) {
      int status = response.getStatus();
      if (status < 400 || response.getContentWritten() > 0 || !response.setErrorReported()) return;
      try {
        ids.name(request, response);
        writer.write(request, response, problem(status));
        response.finishResponse();
      } catch (IOException | IllegalStateException gone) {
        // Nobody is there any more to be told.
      }
    }

    private static Problem problem(int status) {
      return status == 400
          ? Problem.of(
              ProblemCode.INVALID_REQUEST,
              "That is no valid HTTP. Percent-encode what has no place in a URL.")
          : ProblemAdvice.ofStatus(status);
    }
  }
}
