package millrace.channel.web;

import java.time.Duration;
import java.util.function.Predicate;
import java.util.function.Supplier;

/// Asks again and again until something has come of it. Between two questions no connection is
/// held, so the number of those who wait is not the pool's.
public final class Waiting {
  private static final long FIRST_PAUSE_MILLIS = 50;
  private static final long LONGEST_PAUSE_MILLIS = 250;

  private Waiting() {}

  /// The first answer that is an end, or the last one when the time is over.
  public static <T> T until(Duration patience, Supplier<T> question, Predicate<T> isEnd) {
    long deadline = System.nanoTime() + patience.toNanos();
    long pause = FIRST_PAUSE_MILLIS;
    var answer = question.get();
    while (!isEnd.test(answer) && deadline - System.nanoTime() > 0) {
      try {
        Thread.sleep(pause);
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
        return answer;
      }
      pause = Math.min(LONGEST_PAUSE_MILLIS, pause + pause / 4);
      answer = question.get();
    }
    return answer;
  }

  /// What the caller asked for, within what a request may take.
  public static Duration patience(long millis, Duration limit) {
    if (millis < 0) throw new BadRequest("waitMillis must not be negative");
    var asked = Duration.ofMillis(millis);
    return asked.compareTo(limit) > 0 ? limit : asked;
  }
}
