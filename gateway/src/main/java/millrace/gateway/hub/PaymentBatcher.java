package millrace.gateway.hub;

import io.micrometer.core.instrument.DistributionSummary;
import io.micrometer.core.instrument.MeterRegistry;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Function;
import millrace.gateway.hub.HubConnection.HubContractException;
import millrace.gateway.problem.Problem;
import millrace.messaging.command.PaymentCommand;
import millrace.messaging.command.PaymentOutcome;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Lets commands that arrive together share a call, and with it a transaction and an fsync. The
/// first goes at once; those that come while it is under way make up the next, so an idle gateway
/// adds no delay and a busy one fills its batches by itself. The other lanes are for when a call
/// takes long.
final class PaymentBatcher implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(PaymentBatcher.class);

  private final BlockingQueue<Entry> queue;
  private final List<Thread> lanes = new ArrayList<>();
  private final Function<List<PaymentCommand>, List<PaymentOutcome>> call;
  private final HubSettings settings;
  private final DistributionSummary sizes;
  private final BatchLimit limit;
  private final Semaphore turns;
  private final Semaphore idleReplicas;
  private final ReentrantLock gathering = new ReentrantLock();
  private volatile boolean closed;

  PaymentBatcher(
      HubSettings settings,
      Function<List<PaymentCommand>, List<PaymentOutcome>> call,
      MeterRegistry metrics) {
    this.settings = settings;
    this.call = call;
    this.queue = new ArrayBlockingQueue<>(settings.queue());
    this.limit = new BatchLimit(settings.batchSize(), settings.callTimeout().dividedBy(4));
    this.turns = new Semaphore(settings.lanes(), true);
    this.idleReplicas = new Semaphore(settings.url().size());
    this.sizes =
        DistributionSummary.builder("millrace.gateway.batch.size")
            .description("Commands in one call to channel-service")
            .register(metrics);
    metrics.gauge("millrace.gateway.batch.waiting", queue, BlockingQueue::size);
    for (int i = 0; i < settings.lanes(); i++) {
      lanes.add(Thread.ofVirtual().name("payment-lane-" + i).start(this::work));
    }
  }

  /// @throws HubException when there is no answer in time; it says whether the command can have
  ///     taken effect
  PaymentOutcome send(PaymentCommand command) {
    var entry = Entry.waiting(command);
    if (closed || (isNew(command) && othersWaitLong()) || !queue.offer(entry)) {
      throw HubException.notSent();
    }
    return await(entry, settings.patience());
  }

  /// Whether it begins something. What ends a payment is let through: somebody has worked for it.
  private static boolean isNew(PaymentCommand command) {
    return switch (command) {
      case PaymentCommand.Charge _, PaymentCommand.Reserve _, PaymentCommand.Hold _ -> true;
      case PaymentCommand.Capture _, PaymentCommand.Release _ -> false;
    };
  }

  private boolean othersWaitLong() {
    var first = queue.peek();
    return first != null && System.nanoTime() - first.since > settings.maxWait().toNanos();
  }

  /// One call for commands that came together, made by their caller. Such calls take turns of their
  /// own: they neither wait behind single commands nor hold them up.
  ///
  /// @param commands at most as many as share a call
  /// @param wait for a turn
  List<Reply> sendTogether(List<PaymentCommand> commands, Duration wait) {
    if (closed || !takeTurn(wait)) {
      return commands.stream().map(_ -> unanswered(HubException.notSent())).toList();
    }
    try {
      var batch = commands.stream().map(Entry::taken).toList();
      perform(batch);
      return batch.stream().map(PaymentBatcher::reply).toList();
    } finally {
      turns.release();
    }
  }

  private boolean takeTurn(Duration wait) {
    try {
      return turns.tryAcquire(wait.toMillis(), TimeUnit.MILLISECONDS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return false;
    }
  }

  private static Reply reply(Entry performed) {
    return performed
        .answer
        .<Reply>thenApply(Reply.Answered::new)
        .exceptionally(PaymentBatcher::unanswered)
        .join();
  }

  private static Reply unanswered(Throwable why) {
    var cause = why instanceof CompletionException wrapped ? wrapped.getCause() : why;
    return new Reply.Unanswered(
        cause instanceof HubException unanswered
            ? unanswered
            : Problem.internalError().asException());
  }

  private static PaymentOutcome await(Entry entry, Duration patience) {
    try {
      return entry.answer.get(patience.toMillis(), TimeUnit.MILLISECONDS);
    } catch (TimeoutException e) {
      // Whoever turns the flag decides: a lane that comes later leaves the command alone.
      throw entry.taken.compareAndSet(false, true)
          ? HubException.notSent()
          : HubException.inDoubt();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw entry.taken.compareAndSet(false, true)
          ? HubException.notSent()
          : HubException.inDoubt();
    } catch (ExecutionException e) {
      if (e.getCause() instanceof RuntimeException cause) throw cause;
      throw new IllegalStateException(e.getCause());
    }
  }

  private void work() {
    try {
      while (!closed) next();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private void next() throws InterruptedException {
    var batch = new ArrayList<Entry>();
    boolean idleReplica;
    gathering.lockInterruptibly();
    try {
      batch.add(queue.take());
      idleReplica = idleReplicas.tryAcquire(settings.gather().toMillis(), TimeUnit.MILLISECONDS);
      queue.drainTo(batch, limit.now() - 1);
    } catch (InterruptedException e) {
      batch.forEach(entry -> entry.answer.completeExceptionally(HubException.notSent()));
      throw e;
    } finally {
      gathering.unlock();
    }
    try {
      batch.removeIf(entry -> !entry.taken.compareAndSet(false, true));
      if (!batch.isEmpty()) perform(batch);
    } finally {
      if (idleReplica) idleReplicas.release();
    }
  }

  private void perform(List<Entry> batch) {
    sizes.record(batch.size());
    long start = System.nanoTime();
    try {
      var outcomes = call.apply(batch.stream().map(Entry::command).toList());
      if (outcomes.size() != batch.size()) {
        throw new HubContractException(outcomes.size() + " outcomes to " + batch.size());
      }
      for (int i = 0; i < outcomes.size(); i++) batch.get(i).answer.complete(outcomes.get(i));
    } catch (HubException unanswered) {
      batch.forEach(entry -> entry.answer.completeExceptionally(unanswered));
    } catch (RuntimeException oneOfThem) {
      apart(batch, oneOfThem);
    } finally {
      limit.took(batch.size(), Duration.ofNanos(System.nanoTime() - start));
    }
  }

  /// A command that cannot be written or understood must not take the others down with it.
  private void apart(List<Entry> batch, RuntimeException cause) {
    if (batch.size() == 1) {
      LOG.error("a command is not understood", cause);
      batch.getFirst().answer.completeExceptionally(cause);
    } else {
      batch.forEach(entry -> perform(List.of(entry)));
    }
  }

  @Override
  public void close() {
    closed = true;
    lanes.forEach(Thread::interrupt);
    for (var entry = queue.poll(); entry != null; entry = queue.poll()) {
      entry.answer.completeExceptionally(HubException.notSent());
    }
  }

  private record Entry(
      PaymentCommand command,
      CompletableFuture<PaymentOutcome> answer,
      AtomicBoolean taken,
      long since) {
    static Entry waiting(PaymentCommand command) {
      return of(command, false);
    }

    static Entry taken(PaymentCommand command) {
      return of(command, true);
    }

    private static Entry of(PaymentCommand command, boolean taken) {
      return new Entry(
          command, new CompletableFuture<>(), new AtomicBoolean(taken), System.nanoTime());
    }
  }
}
