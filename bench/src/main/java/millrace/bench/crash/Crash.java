package millrace.bench.crash;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.function.Consumer;
import millrace.bench.hub.Books;
import millrace.bench.load.Load;
import millrace.standalone.hub.ProcessHub;

/// Kills one process of a hub after the other while payments go on, and compares what clients were
/// told with the books.
public final class Crash {
  private static final Duration WATCH = Duration.ofMillis(5);

  /// Generous: a machine may be slow. Only a channel that waits longer is called stuck.
  private static final Duration STUCK_AFTER = Duration.ofSeconds(90);

  /// Payments that each channel must be able to make after the restart.
  private static final int AFTER = 3;

  private static final int VOUCHERS = 4_000;
  private static final int LONGEST_LOAD_MILLIS = 3_000;
  private static final int LONGEST_DOWN_MILLIS = 500;

  private final ProcessHub hub;
  private final Load load;
  private final Books books;
  private final Random random;
  private final Consumer<String> progress;

  public Crash(ProcessHub hub, Load load, Random random, Consumer<String> progress) {
    this.hub = hub;
    this.load = load;
    this.books = Books.of(hub);
    this.random = random;
    this.progress = progress;
  }

  public CrashReport run(int rounds) throws InterruptedException {
    var report = CrashReport.NOTHING;
    var victims = Victim.of(hub);
    for (int round = 0; round < rounds; round++) {
      // The order is fixed, so that few rounds meet everybody; the moment is what is random.
      report = report.plus(round(victims.get(round % victims.size()), round + 1));
    }
    return report;
  }

  private CrashReport round(Victim victim, int number) throws InterruptedException {
    load.sign(VOUCHERS);
    long before = sum(load.payments());
    load.start();
    Thread.sleep(500 + random.nextInt(LONGEST_LOAD_MILLIS));
    long underLoad = sum(load.payments()) - before;
    victim.kill().run();
    var restart =
        CompletableFuture.runAsync(() -> restart(victim, random.nextInt(LONGEST_DOWN_MILLIS)));
    double gap = longestGapUntil(restart);
    int stuck = stuck();
    load.stop();
    long acknowledged = sum(load.payments()) - before;
    long lost = books.missing(load.acknowledged(), load.price());
    progress.accept(
        "%d: kill -9 %s after %,d payments; nobody paid for %.1f s"
                .formatted(number, victim.name(), underLoad, gap)
            + "; %,d acknowledged, %d lost, %d stuck".formatted(acknowledged, lost, stuck));
    return new CrashReport(1, acknowledged, lost, stuck, Map.of(victim.name(), gap));
  }

  private static void restart(Victim victim, int afterMillis) {
    try {
      Thread.sleep(afterMillis);
      victim.restart().run();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new CompletionException(e);
    }
  }

  /// The longest time without any acknowledged payment, from now until some time after the
  /// restart is done.
  private double longestGapUntil(CompletableFuture<?> restart) throws InterruptedException {
    long last = System.nanoTime();
    long longest = 0;
    long known = sum(load.payments());
    long deadline = last + STUCK_AFTER.toNanos();
    boolean paidAfter = false;
    while (!(restart.isDone() && paidAfter) && System.nanoTime() < deadline) {
      boolean up = restart.isDone();
      Thread.sleep(WATCH);
      long now = System.nanoTime();
      long payments = sum(load.payments());
      longest = Math.max(longest, now - last);
      if (payments == known) continue;
      known = payments;
      last = now;
      paidAfter |= up;
    }
    restart.join();
    return longest / 1e9;
  }

  /// How many channels cannot pay on.
  private int stuck() throws InterruptedException {
    var before = load.payments();
    long deadline = System.nanoTime() + STUCK_AFTER.toNanos();
    while (System.nanoTime() < deadline && behind(before) > 0) Thread.sleep(WATCH);
    return behind(before);
  }

  private int behind(List<Integer> before) {
    var now = load.payments();
    int behind = 0;
    for (int i = 0; i < now.size(); i++) if (now.get(i) < before.get(i) + AFTER) behind++;
    return behind;
  }

  private static long sum(List<Integer> payments) {
    return payments.stream().mapToLong(Integer::longValue).sum();
  }
}
