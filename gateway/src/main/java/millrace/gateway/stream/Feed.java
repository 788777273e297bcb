package millrace.gateway.stream;

import java.util.List;
import java.util.Optional;

/// Where the events of one stream come from.
@FunctionalInterface
public interface Feed {
  /// What follows the cursor, in order; a page of it, if it is much. Asked again and again, so it
  /// must be cheap while there is nothing, and it keeps no database connection afterwards. What it
  /// throws ends the stream: a client that hears nothing comes again, one that hears heartbeats
  /// believes that there is nothing to hear.
  ///
  /// @param cursor the id of the last event that the client has, if it has any
  List<StreamEvent> after(Optional<String> cursor);
}
