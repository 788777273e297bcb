package millrace.gateway.admission;

import java.time.Duration;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Semaphore;
import java.util.function.Supplier;
import millrace.gateway.problem.Problem;
import millrace.gateway.problem.ProblemCode;
import millrace.protocol.type.MerchantId;

/// Bounds what is done at once of a kind that takes long. A merchant who is slow uses up its own
/// places first.
public final class Places {
  private static final Duration RETRY = Duration.ofSeconds(1);

  private final int share;
  private final Semaphore free;
  private final Map<MerchantId, Semaphore> freeOfMerchant = new ConcurrentHashMap<>();

  /// @param atOnce of all merchants
  /// @param share of it that one merchant may have
  public Places(int atOnce, int share) {
    this.share = share;
    this.free = new Semaphore(atOnce);
  }

  public <T> T in(MerchantId merchant, Supplier<T> work) {
    var own = freeOfMerchant.computeIfAbsent(merchant, _ -> new Semaphore(share));
    var tooMany = Problem.of(ProblemCode.TOO_MANY_REQUESTS, "At most " + share + " at once.");
    var full = Problem.of(ProblemCode.OVERLOADED, "Too many of these at once; nothing was done.");
    return holding(own, tooMany, () -> holding(free, full, work));
  }

  private static <T> T holding(Semaphore places, Problem otherwise, Supplier<T> work) {
    if (!places.tryAcquire()) throw otherwise.retryAfter(RETRY).asException();
    try {
      return work.get();
    } finally {
      places.release();
    }
  }
}
