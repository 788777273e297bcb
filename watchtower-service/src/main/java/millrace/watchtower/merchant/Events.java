package millrace.watchtower.merchant;

import java.io.PrintStream;
import java.time.InstantSource;
import java.util.Map;
import java.util.TreeMap;
import tools.jackson.databind.json.JsonMapper;

/// What the tower tells whoever watches it, one line each: words for people, or JSON for programs.
final class Events {
  private static final JsonMapper JSON = JsonMapper.shared();

  private final PrintStream out;
  private final boolean json;
  private final InstantSource clock;

  Events(PrintStream out, boolean json, InstantSource clock) {
    this.out = out;
    this.json = json;
    this.clock = clock;
  }

  enum Level {
    INFO,
    ALARM
  }

  void info(String event, String text, Map<String, Object> details) {
    tell(Level.INFO, event, text, details);
  }

  /// Something that a person should look at.
  void alarm(String event, String text, Map<String, Object> details) {
    tell(Level.ALARM, event, text, details);
  }

  private synchronized void tell(
      Level level, String event, String text, Map<String, Object> details) {
    if (json) {
      var line = JSON.createObjectNode();
      line.put("at", clock.instant().toString());
      line.put("level", level.name().toLowerCase(java.util.Locale.ROOT));
      line.put("event", event);
      line.put("text", text);
      new TreeMap<>(details).forEach((name, value) -> line.put(name, value.toString()));
      out.println(line);
    } else {
      out.println(
          clock.instant() + (level == Level.ALARM ? " ALARM " : " ") + text + sorted(details));
    }
    out.flush();
  }

  private static String sorted(Map<String, Object> details) {
    return details.isEmpty() ? "" : " " + new TreeMap<>(details);
  }
}
