package millrace.gateway.stream;

import jakarta.servlet.http.HttpServletRequest;
import java.util.Optional;
import millrace.gateway.merchant.Caller;
import millrace.gateway.merchant.Callers;
import millrace.gateway.merchant.Scope;
import millrace.gateway.problem.QueryParameters;

/// What every request for a stream says of itself. A handler takes one after its caller, and the
/// description of the API gets the parameters from that.
@QueryParameters(Cursors.PARAMETER)
public final class StreamRequest {
  private final HttpServletRequest request;
  private final Callers callers;
  private final Optional<String> after;

  StreamRequest(HttpServletRequest request, Callers callers, Optional<String> after) {
    this.request = request;
    this.callers = callers;
    this.after = after;
  }

  /// The cursor to resume from.
  public Optional<String> after() {
    return after;
  }

  /// @param scope that the caller needs for as long as the stream is open
  public Listener listener(Caller caller, Scope scope, String topic) {
    return new Listener(caller.keyId(), topic, callers.standing(request, scope), after);
  }
}
