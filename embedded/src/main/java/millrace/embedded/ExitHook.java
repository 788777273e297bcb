package millrace.embedded;

import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Ends a child when the JVM ends. Cancelled by an orderly close, so that restarts do not pile up
/// hooks.
final class ExitHook {
  private static final Logger LOG = LoggerFactory.getLogger(ExitHook.class);

  private final Thread thread;

  private ExitHook(Thread thread) {
    this.thread = thread;
  }

  static ExitHook run(String name, Runnable action) {
    var thread = new Thread(action, "stop-" + name);
    Runtime.getRuntime().addShutdownHook(thread);
    return new ExitHook(thread);
  }

  void cancel() {
    if (Thread.currentThread() == thread) return;
    try {
      Runtime.getRuntime().removeShutdownHook(thread);
    } catch (IllegalStateException e) {
      LOG.debug("{} will run, the JVM is already going down; close() is idempotent", thread, e);
    }
  }
}
