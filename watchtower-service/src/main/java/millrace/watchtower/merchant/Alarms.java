package millrace.watchtower.merchant;

import java.util.Collections;
import java.util.EnumSet;
import java.util.Locale;
import java.util.Map;
import java.util.Set;

/// The alarms that ring. Each is told once when it begins and once when it ends.
final class Alarms {
  private final Events events;
  private final Set<Alarm> ringing = Collections.synchronizedSet(EnumSet.noneOf(Alarm.class));

  Alarms(Events events) {
    this.events = events;
  }

  void set(Alarm alarm, boolean rings, String text) {
    if (rings && ringing.add(alarm)) events.alarm(name(alarm), text, Map.of());
    if (!rings && ringing.remove(alarm)) {
      events.info(name(alarm), "over: " + name(alarm), Map.of());
    }
  }

  boolean isRinging(Alarm alarm) {
    return ringing.contains(alarm);
  }

  Set<Alarm> ringing() {
    synchronized (ringing) {
      return Set.copyOf(ringing);
    }
  }

  private static String name(Alarm alarm) {
    return alarm.name().toLowerCase(Locale.ROOT);
  }
}
