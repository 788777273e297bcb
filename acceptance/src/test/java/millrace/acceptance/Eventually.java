package millrace.acceptance;

import java.time.Duration;

/// Waits for what other processes do in their own time.
final class Eventually {
  private static final Duration INTERVAL = Duration.ofMillis(100);

  private Eventually() {}

  /// Something that comes true, or fails in a way that may pass.
  @FunctionalInterface
  interface Condition {
    boolean holds() throws Exception;
  }

  static void holds(String what, Duration limit, Condition condition) throws InterruptedException {
    var deadline = System.nanoTime() + limit.toNanos();
    var last = "it is not so";
    while (true) {
      try {
        if (condition.holds()) return;
        last = "it is not so";
      } catch (InterruptedException e) {
        throw e;
      } catch (Exception e) {
        last = e.toString();
      }
      if (System.nanoTime() >= deadline) {
        throw new AssertionError(
            "%s within %s: %s%s".formatted(what, limit, last, Hub.whatDoesNotRun()));
      }
      Thread.sleep(INTERVAL);
    }
  }
}
