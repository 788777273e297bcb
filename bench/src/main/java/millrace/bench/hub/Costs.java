package millrace.bench.hub;

import java.util.Map;
import java.util.TreeMap;
import millrace.bench.machine.Processor;

/// Processor time by part, in milliseconds.
public record Costs(Map<String, Double> millis) {
  /// The name of whoever takes the payments.
  public static final String SERVER = "server";

  public Costs {
    millis = Map.copyOf(millis);
  }

  /// Up to now. Children count with their parent where only the parent is known.
  ///
  /// @param parts process ids by name
  public static Costs soFar(Map<String, Long> parts) {
    var millis = new TreeMap<String, Double>();
    parts.forEach(
        (name, pid) ->
            millis.put(
                name,
                name.equals("postgres")
                    ? Processor.millisWithChildren(pid)
                    : Processor.millis(pid)));
    return new Costs(millis);
  }

  public Costs since(Costs earlier) {
    var spent = new TreeMap<String, Double>();
    millis.forEach((name, now) -> spent.put(name, now - earlier.of(name)));
    return new Costs(spent);
  }

  public double of(String name) {
    return millis.getOrDefault(name, 0.0);
  }
}
