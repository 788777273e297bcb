package millrace.bench.load;

import com.fasterxml.jackson.annotation.JsonSubTypes;
import com.fasterxml.jackson.annotation.JsonTypeInfo;
import java.net.URI;

/// What the load generator says, one line of JSON each. To every order there is one answer, with
/// any number of lines of progress before it.
@JsonTypeInfo(use = JsonTypeInfo.Id.NAME, property = "is")
@JsonSubTypes({
  @JsonSubTypes.Type(value = Reply.Ready.class, name = "ready"),
  @JsonSubTypes.Type(value = Reply.Progress.class, name = "progress"),
  @JsonSubTypes.Type(value = Reply.Done.class, name = "done"),
  @JsonSubTypes.Type(value = Reply.Ran.class, name = "ran"),
  @JsonSubTypes.Type(value = Reply.Failed.class, name = "failed")
})
public sealed interface Reply {
  /// Said once, at the start.
  ///
  /// @param upstream the server to put behind a paywall
  record Ready(URI upstream) implements Reply {}

  record Progress(String text) implements Reply {}

  /// Channels are open, or vouchers signed.
  record Done(int count, double seconds) implements Reply {}

  record Ran(PhaseReport report) implements Reply {}

  record Failed(String why) implements Reply {}
}
