package millrace.gateway.hub;

import static millrace.gateway.hub.Commands.REFUSED;
import static millrace.gateway.hub.Commands.answer;
import static millrace.gateway.hub.Commands.answers;
import static millrace.gateway.hub.Commands.charge;
import static millrace.gateway.hub.Commands.release;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.net.URI;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import java.util.stream.IntStream;
import millrace.gateway.hub.HubConnection.HubContractException;
import millrace.messaging.command.PaymentCommand;
import millrace.messaging.command.PaymentOutcome;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class PaymentBatcherTest {
  /// Nothing but one test is about running out of it.
  private static final Duration AMPLE = Duration.ofSeconds(20);

  private final List<Integer> sizes = new CopyOnWriteArrayList<>();
  private final SimpleMeterRegistry metrics = new SimpleMeterRegistry();

  @ParameterizedTest
  @ValueSource(ints = {1, 4})
  void whatWaitsWhileACallIsUnderWaySharesTheNext(int lanes) throws Exception {
    var firstInside = new CountDownLatch(1);
    var go = new CompletableFuture<Void>();
    try (var batcher =
            batcher(
                64,
                lanes,
                AMPLE,
                AMPLE,
                commands -> {
                  firstInside.countDown();
                  go.join();
                  return answers(commands);
                });
        var callers = Executors.newVirtualThreadPerTaskExecutor()) {
      var futures = new ArrayList<Future<PaymentOutcome>>();
      futures.add(callers.submit(() -> batcher.send(release(0))));
      firstInside.await();
      for (int i = 1; i <= 20; i++) {
        int number = i;
        futures.add(callers.submit(() -> batcher.send(release(number))));
      }
      // Where there are several lanes, one of them has taken the first of those.
      awaitQueued(lanes == 1 ? 20 : 19);
      go.complete(null);
      for (var future : futures) assertThat(future.get()).isEqualTo(REFUSED);
    }
    assertThat(sizes).containsExactly(1, 20);
  }

  @Test
  void aCallThatTakesLongHoldsUpTheNextForAMomentOnly() throws Exception {
    var firstInside = new CountDownLatch(1);
    var go = new CompletableFuture<Void>();
    try (var batcher =
            batcher(
                64,
                2,
                Duration.ofMillis(50),
                AMPLE,
                commands -> {
                  if (firstInside.getCount() > 0) {
                    firstInside.countDown();
                    go.join();
                  }
                  return answers(commands);
                });
        var callers = Executors.newVirtualThreadPerTaskExecutor()) {
      var slow = callers.submit(() -> batcher.send(release(0)));
      firstInside.await();
      assertThat(batcher.send(release(1))).isEqualTo(REFUSED);
      assertThat(slow.isDone()).isFalse();
      go.complete(null);
      assertThat(slow.get()).isEqualTo(REFUSED);
    }
    assertThat(sizes).containsExactly(1, 1);
  }

  @Test
  void aCommandThatNobodyTookIsKnownToHaveDoneNothing() {
    var never = new CompletableFuture<Void>();
    try (var batcher =
            batcher(
                1,
                1,
                Duration.ofSeconds(1),
                Duration.ofSeconds(1),
                commands -> {
                  never.join();
                  return answers(commands);
                });
        var callers = Executors.newVirtualThreadPerTaskExecutor()) {
      var taken = callers.submit(() -> batcher.send(release(0)));
      awaitCalls(1);
      assertThatThrownBy(() -> batcher.send(release(1)))
          .isInstanceOfSatisfying(HubException.class, e -> assertThat(e.outcomeKnown()).isTrue());
      assertThatThrownBy(taken::get)
          .cause()
          .isInstanceOfSatisfying(HubException.class, e -> assertThat(e.outcomeKnown()).isFalse());
      never.complete(null);
      sleep();
      assertThat(sizes).containsExactly(1);
    }
  }

  @Test
  void aFullQueueSendsCallersAway() {
    var never = new CompletableFuture<Void>();
    try (var batcher =
            batcher(
                1,
                commands -> {
                  never.join();
                  return answers(commands);
                });
        var callers = Executors.newVirtualThreadPerTaskExecutor()) {
      var _ = callers.submit(() -> batcher.send(release(0)));
      awaitCalls(1);
      for (int i = 1; i < 3; i++) {
        int number = i;
        var _ = callers.submit(() -> batcher.send(release(number)));
      }
      awaitQueued(2);
      long start = System.nanoTime();
      assertThatThrownBy(() -> batcher.send(release(9))).isInstanceOf(HubException.class);
      assertThat(Duration.ofNanos(System.nanoTime() - start)).isLessThan(AMPLE.dividedBy(2));
      never.complete(null);
    }
  }

  @Test
  void whileOthersWaitLongNewPaymentsAreSentAwayAndOldOnesAreEnded() throws Exception {
    var firstInside = new CountDownLatch(1);
    var go = new CompletableFuture<Void>();
    try (var batcher =
            batcher(
                64,
                1,
                Duration.ZERO,
                AMPLE,
                Duration.ofMillis(20),
                AMPLE,
                commands -> {
                  firstInside.countDown();
                  go.join();
                  return answers(commands);
                });
        var callers = Executors.newVirtualThreadPerTaskExecutor()) {
      var first = callers.submit(() -> batcher.send(charge()));
      firstInside.await();
      var waiting = callers.submit(() -> batcher.send(charge()));
      awaitQueued(1);
      sleep();
      assertThatThrownBy(() -> batcher.send(charge()))
          .isInstanceOfSatisfying(HubException.class, e -> assertThat(e.outcomeKnown()).isTrue());
      var ending = callers.submit(() -> batcher.send(release(1)));
      awaitQueued(2);
      go.complete(null);
      for (var served : List.of(first, waiting, ending)) {
        assertThat(served.get()).isEqualTo(REFUSED);
      }
    }
    assertThat(sizes).containsExactly(1, 2);
  }

  @Test
  void afterACallThatTookLongFewerShareTheNext() throws Exception {
    var secondInside = new CountDownLatch(1);
    var go = new CompletableFuture<Void>();
    try (var batcher =
            batcher(
                64,
                1,
                Duration.ZERO,
                AMPLE,
                AMPLE,
                Duration.ofSeconds(1),
                commands -> {
                  if (sizes.size() == 1) pause(Duration.ofMillis(400));
                  if (sizes.size() == 2) {
                    secondInside.countDown();
                    go.join();
                  }
                  return answers(commands);
                });
        var callers = Executors.newVirtualThreadPerTaskExecutor()) {
      batcher.sendTogether(IntStream.range(0, 8).mapToObj(i -> release(i)).toList(), AMPLE);
      var _ = callers.submit(() -> batcher.send(release(8)));
      secondInside.await();
      for (int i = 0; i < 20; i++) {
        int number = 9 + i;
        var _ = callers.submit(() -> batcher.send(release(number)));
      }
      awaitQueued(20);
      go.complete(null);
    }
    assertThat(sizes).startsWith(8, 1);
    assertThat(sizes.get(2)).isLessThanOrEqualTo(4);
  }

  @Test
  void aCommandThatIsNotUnderstoodTakesNoOtherDown() throws Exception {
    var firstInside = new CountDownLatch(1);
    var go = new CompletableFuture<Void>();
    var poison = release(13);
    try (var batcher =
            batcher(
                64,
                commands -> {
                  firstInside.countDown();
                  go.join();
                  if (commands.contains(poison)) throw new HubContractException("400");
                  return answers(commands);
                });
        var callers = Executors.newVirtualThreadPerTaskExecutor()) {
      var _ = callers.submit(() -> batcher.send(release(0)));
      firstInside.await();
      var good = callers.submit(() -> batcher.send(release(1)));
      var bad = callers.submit(() -> batcher.send(poison));
      sleep();
      go.complete(null);
      assertThat(good.get()).isEqualTo(REFUSED);
      assertThatThrownBy(bad::get).hasCauseInstanceOf(HubContractException.class);
    }
  }

  @Test
  void whatCameTogetherSharesACallAndIsAnsweredInItsOrder() {
    var commands = List.of(release(3), release(1), release(2));
    try (var batcher =
        batcher(
            64,
            sent -> {
              assertThat(sent).isEqualTo(commands);
              return List.of(answer("3"), answer("1"), answer("2"));
            })) {
      assertThat(batcher.sendTogether(commands, Duration.ofSeconds(1)))
          .containsExactly(
              new Reply.Answered(answer("3")),
              new Reply.Answered(answer("1")),
              new Reply.Answered(answer("2")));
    }
    assertThat(sizes).containsExactly(3);
  }

  @Test
  void whoGetsNoTurnInTimeHasSentNothing() throws Exception {
    var inside = new CountDownLatch(1);
    var go = new CompletableFuture<Void>().completeOnTimeout(null, 5, TimeUnit.SECONDS);
    try (var batcher =
            batcher(
                64,
                commands -> {
                  inside.countDown();
                  if (sizes.size() == 1) go.join();
                  return answers(commands);
                });
        var callers = Executors.newVirtualThreadPerTaskExecutor()) {
      var first =
          callers.submit(() -> batcher.sendTogether(List.of(release(1)), Duration.ofSeconds(1)));
      inside.await();
      var second = batcher.sendTogether(List.of(release(2)), Duration.ofMillis(50));
      assertThat(second.getFirst())
          .isInstanceOfSatisfying(
              Reply.Unanswered.class,
              reply ->
                  assertThat(reply.why())
                      .isInstanceOfSatisfying(
                          HubException.class, e -> assertThat(e.outcomeKnown()).isTrue()));
      go.complete(null);
      assertThat(first.get()).containsExactly(new Reply.Answered(REFUSED));
    }
    assertThat(sizes).containsExactly(1);
  }

  @Test
  void ofACallWithoutAnAnswerEveryCommandIsInDoubt() {
    try (var batcher =
        batcher(
            64,
            _ -> {
              throw HubException.inDoubt();
            })) {
      assertThat(batcher.sendTogether(List.of(release(1), release(2)), Duration.ofSeconds(1)))
          .hasSize(2)
          .allSatisfy(
              reply ->
                  assertThat(((Reply.Unanswered) reply).why())
                      .isInstanceOfSatisfying(
                          HubException.class, e -> assertThat(e.outcomeKnown()).isFalse()));
    }
  }

  private PaymentBatcher batcher(
      int batchSize, Function<List<PaymentCommand>, List<PaymentOutcome>> call) {
    return batcher(batchSize, 1, Duration.ofSeconds(1), AMPLE, call);
  }

  private PaymentBatcher batcher(
      int batchSize,
      int lanes,
      Duration gather,
      Duration patience,
      Function<List<PaymentCommand>, List<PaymentOutcome>> call) {
    return batcher(batchSize, lanes, gather, patience, AMPLE, AMPLE, call);
  }

  private PaymentBatcher batcher(
      int batchSize,
      int lanes,
      Duration gather,
      Duration patience,
      Duration maxWait,
      Duration callTimeout,
      Function<List<PaymentCommand>, List<PaymentOutcome>> call) {
    var settings =
        new HubSettings(
            List.of(URI.create("http://hub")),
            batchSize,
            lanes,
            gather,
            Math.max(2, batchSize),
            maxWait,
            callTimeout,
            patience);
    return new PaymentBatcher(
        settings,
        commands -> {
          sizes.add(commands.size());
          return call.apply(commands);
        },
        metrics);
  }

  private void awaitCalls(int count) {
    await().atMost(AMPLE).until(() -> sizes.size() >= count);
  }

  private void awaitQueued(int count) {
    var queued = metrics.get("millrace.gateway.batch.waiting").gauge();
    await().atMost(AMPLE).until(() -> queued.value() >= count);
  }

  private static void sleep() {
    pause(Duration.ofMillis(100));
  }

  private static void pause(Duration time) {
    try {
      Thread.sleep(time);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
