package millrace.bench.load;

/// When a lane sends its next request.
///
/// @param perSecond 0 for at once after each answer; otherwise a clock of so many requests a
///     second, whatever the answers do, and latency counts from when a request was due
/// @param sheds whether a request that is due while every lane waits is left out, not put off
record Pace(double perSecond, boolean sheds) {
  static final Pace CLOSED = new Pace(0, false);

  boolean isClosed() {
    return perSecond == 0;
  }

  long dueNanos(long number) {
    return (long) (number * 1e9 / perSecond);
  }
}
