package millrace.testkit;

import java.time.Duration;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.UnaryOperator;
import millrace.embedded.DevChain;

/// Development chains for tests. Time, forks and mining are for one test class alone, so each
/// class that moves them starts its own; it takes about a second.
public final class TestChain {
  private static final AtomicInteger CHAINS = new AtomicInteger();

  private TestChain() {}

  /// A new chain with the contracts, a block per transaction and nothing in the background. Close
  /// it after the class; what is left open ends with the JVM.
  public static DevChain start() {
    return start(UnaryOperator.identity());
  }

  /// The same with changes: `TestChain.start(chain -> chain.blockTimeSeconds(1))`.
  public static DevChain start(UnaryOperator<DevChain.Builder> changes) {
    var plain =
        DevChain.in(Scratch.directory("chain-" + CHAINS.incrementAndGet()))
            .saveEvery(Duration.ZERO)
            .stoppedByCaller();
    var chain = changes.apply(plain).start();
    Scratch.atExit(chain::close);
    return chain;
  }
}
