package millrace.bench.hub;

import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;

/// One service that learns from another's events, seen through both databases.
final class Follower implements AutoCloseable {
  private final Connection own;
  private final Queries queries;
  private final Deque<Note> open = new ArrayDeque<>();
  private final List<Double> arrivals = new ArrayList<>();
  private volatile long reachedNanos = Long.MIN_VALUE;
  private volatile double worstSeconds;
  private volatile double lastSeconds;

  Follower(Connection own, Queries queries) {
    this.own = own;
    this.queries = queries;
  }

  /// @param newest what the source has just committed, as an array of text
  /// @param arrived whether all of that, given twice, is here
  record Queries(String newest, String arrived) {}

  private record Note(long nanos, List<String> committed) {}

  /// Up to when everything has arrived.
  long reachedNanos() {
    return reachedNanos;
  }

  double worstSeconds() {
    return worstSeconds;
  }

  double lastSeconds() {
    return lastSeconds;
  }

  synchronized double p99Seconds() {
    var sorted = arrivals.stream().sorted().toList();
    return sorted.isEmpty() ? 0 : sorted.get((int) (sorted.size() * 0.99));
  }

  synchronized void forget() {
    worstSeconds = 0;
    arrivals.clear();
  }

  private synchronized void arrived(Note note) {
    behind(note);
    arrivals.add(lastSeconds);
  }

  void look(Connection source) throws SQLException {
    while (!open.isEmpty() && hasArrived(open.getFirst())) {
      arrived(open.getFirst());
      reachedNanos = open.removeFirst().nanos();
    }
    if (!open.isEmpty()) behind(open.getFirst());
    open.add(new Note(System.nanoTime(), newest(source)));
  }

  private void behind(Note note) {
    lastSeconds = (System.nanoTime() - note.nanos()) / 1e9;
    worstSeconds = Math.max(worstSeconds, lastSeconds);
  }

  private List<String> newest(Connection source) throws SQLException {
    try (var statement = source.prepareStatement(queries.newest());
        var row = statement.executeQuery()) {
      row.next();
      return Lag.texts(row.getArray(1));
    }
  }

  private boolean hasArrived(Note note) throws SQLException {
    try (var statement = own.prepareStatement(queries.arrived())) {
      var committed = own.createArrayOf("text", note.committed().toArray());
      statement.setArray(1, committed);
      statement.setArray(2, committed);
      try (var row = statement.executeQuery()) {
        row.next();
        return row.getBoolean(1);
      }
    }
  }

  @Override
  public void close() throws SQLException {
    own.close();
  }
}
