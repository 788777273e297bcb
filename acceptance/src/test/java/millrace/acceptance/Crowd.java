package millrace.acceptance;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.URI;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import millrace.payer.Http.Answer;
import millrace.payer.Outcome;
import org.jspecify.annotations.Nullable;

/// Several payers that pay without a break, whatever happens to the hub, and write down what they
/// were told.
final class Crowd {
  private static final Duration PAUSE_AFTER_FAILURE = Duration.ofMillis(100);

  private final List<Spender> spenders;
  private final Merchant merchant;
  private final URI url;
  private final Journal journal;
  private final Map<Spender, AtomicInteger> paid = new ConcurrentHashMap<>();
  private final Map<String, AtomicInteger> failures = new ConcurrentHashMap<>();
  private final AtomicReference<@Nullable Throwable> broken = new AtomicReference<>();
  private final List<Thread> threads = new ArrayList<>();
  private volatile boolean running = true;

  Crowd(List<Spender> spenders, Merchant merchant, URI url, Journal journal) {
    this.spenders = spenders;
    this.merchant = merchant;
    this.url = url;
    this.journal = journal;
    for (var spender : spenders) {
      paid.put(spender, new AtomicInteger());
      threads.add(Thread.ofVirtual().start(() -> spend(spender)));
    }
  }

  /// What went wrong for payers, and how often.
  Map<String, AtomicInteger> failures() {
    return failures;
  }

  /// Waits until every payer has paid so many times more: none is stuck.
  void awaitEachPaid(int times, Duration limit) throws InterruptedException {
    var before = new ConcurrentHashMap<Spender, Integer>();
    paid.forEach((spender, count) -> before.put(spender, count.get()));
    try {
      Eventually.holds(
          "each of %d payers has paid %d times more".formatted(spenders.size(), times),
          limit,
          () -> {
            if (broken.get() != null) throw new IllegalStateException(broken.get());
            return spenders.stream()
                .allMatch(spender -> count(spender) - before.getOrDefault(spender, 0) >= times);
          });
    } catch (AssertionError late) {
      var paid = spenders.stream().map(it -> count(it) - before.getOrDefault(it, 0)).toList();
      throw new AssertionError(
          "%s; paid since: %s; failures: %s".formatted(late.getMessage(), paid, failures), late);
    }
  }

  private int count(Spender spender) {
    return paid.getOrDefault(spender, new AtomicInteger()).get();
  }

  private void spend(Spender spender) {
    try {
      while (running) {
        var outcome = spender.pay(url);
        if (outcome instanceof Outcome.Paid(Answer answer, var receipt) && answer.isSuccess()) {
          journal.acknowledged(merchant, receipt);
          paid.getOrDefault(spender, new AtomicInteger()).incrementAndGet();
        } else {
          failures.computeIfAbsent(kind(outcome), _ -> new AtomicInteger()).incrementAndGet();
          Thread.sleep(PAUSE_AFTER_FAILURE);
        }
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    } catch (RuntimeException | Error e) {
      broken.compareAndSet(null, e);
    }
  }

  private static String kind(Outcome outcome) {
    return switch (outcome) {
      case Outcome.Free(var answer) -> "unpaid " + answer.status();
      case Outcome.Paid(var answer, _) -> "paid " + answer.status();
      case Outcome.Disputed(_, var why) -> "disputed: " + why;
      case Outcome.Unconfirmed(var answer) -> "unconfirmed " + answer.status();
      case Outcome.Refused(_, var error) -> "refused: " + error;
      case Outcome.Declined(var objection, var detail) -> "declined: " + objection + " " + detail;
      case Outcome.Unanswered(var cause) -> "unanswered: " + cause.getClass().getSimpleName();
    };
  }

  /// Stops paying and waits for payments under way.
  void end() throws InterruptedException {
    running = false;
    for (var thread : threads) {
      assertThat(thread.join(Duration.ofSeconds(100))).as("payers end").isTrue();
    }
    assertThat(broken.get()).isNull();
  }
}
