package millrace.standalone;

import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/// Says when to stop. Opened before and so closed after everything else: on Ctrl-C the JVM waits
/// until the main thread has closed the hub in order.
final class StopSignal implements AutoCloseable {
  private static final long PATIENCE_SECONDS = 30;

  private final CountDownLatch given = new CountDownLatch(1);
  private final CountDownLatch closed = new CountDownLatch(1);

  StopSignal() {
    Runtime.getRuntime().addShutdownHook(new Thread(this::end));
  }

  void give() {
    given.countDown();
  }

  void await() throws InterruptedException {
    given.await();
  }

  @Override
  public void close() {
    closed.countDown();
  }

  private void end() {
    give();
    try {
      if (!closed.await(PATIENCE_SECONDS, TimeUnit.SECONDS)) {
        System.err.println("millrace: not everything was closed in order");
      }
    } catch (InterruptedException interruption) {
      Thread.currentThread().interrupt();
    }
  }
}
