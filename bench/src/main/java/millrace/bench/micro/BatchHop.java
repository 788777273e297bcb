package millrace.bench.micro;

import java.util.ArrayList;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import millrace.gateway.hub.HubSettings;
import millrace.messaging.command.PaymentCommand;
import millrace.messaging.command.PaymentOutcome;

/// Batches as the gateway makes them, by the least code: what comes while a call is under way makes
/// up the next. The gateway's other lanes are for a server that takes long, which this one never
/// does.
final class BatchHop implements Hop {
  private final HubSettings settings;
  private final BatchCalls calls;
  private final BlockingQueue<Entry> queue;
  private final Thread lane;

  BatchHop(HubSettings settings, BatchCalls calls) {
    this.settings = settings;
    this.calls = calls;
    queue = new ArrayBlockingQueue<>(settings.queue());
    lane = Thread.ofVirtual().name("lane").start(this::work);
  }

  private record Entry(PaymentCommand command, CompletableFuture<PaymentOutcome> answer) {}

  @Override
  public PaymentOutcome send(PaymentCommand command) {
    var entry = new Entry(command, new CompletableFuture<>());
    if (!queue.offer(entry)) throw new IllegalStateException("the queue is full");
    try {
      return entry.answer.get(settings.patience().toMillis(), TimeUnit.MILLISECONDS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException(e);
    } catch (ExecutionException | TimeoutException e) {
      throw new IllegalStateException(e);
    }
  }

  private void work() {
    try {
      while (true) next();
    } catch (InterruptedException closed) {
      Thread.currentThread().interrupt();
    }
  }

  private void next() throws InterruptedException {
    var batch = new ArrayList<Entry>();
    batch.add(queue.take());
    queue.drainTo(batch, settings.batchSize() - 1);
    try {
      var outcomes = calls.sendTogether(batch.stream().map(Entry::command).toList());
      for (int i = 0; i < batch.size(); i++) batch.get(i).answer.complete(outcomes.get(i));
    } catch (RuntimeException failure) {
      batch.forEach(entry -> entry.answer.completeExceptionally(failure));
    }
  }

  @Override
  public void close() {
    lane.interrupt();
    calls.close();
  }
}
