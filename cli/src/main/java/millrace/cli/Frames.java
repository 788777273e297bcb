package millrace.cli;

import java.util.Optional;

/// Puts server-sent events together from the lines of a stream.
final class Frames {
  private String id = "";
  private String type = "";
  private final StringBuilder data = new StringBuilder();

  /// The event that this line ends, if it ends one.
  Optional<Frame> line(String line) {
    if (line.isEmpty()) return end();
    int colon = line.indexOf(':');
    if (colon == 0) return Optional.empty();
    var field = colon < 0 ? line : line.substring(0, colon);
    var value = colon < 0 ? "" : line.substring(colon + 1);
    if (value.startsWith(" ")) value = value.substring(1);
    switch (field) {
      case "id" -> id = value;
      case "event" -> type = value;
      case "data" -> data.append(data.isEmpty() ? "" : "\n").append(value);
      default -> {}
    }
    return Optional.empty();
  }

  private Optional<Frame> end() {
    var frame = new Frame(id, type, data.toString());
    type = "";
    data.setLength(0);
    return frame.data.isEmpty() ? Optional.empty() : Optional.of(frame);
  }

  /// @param data as it came, so that a signature over it holds
  record Frame(String id, String type, String data) {}
}
