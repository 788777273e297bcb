package millrace.gateway.payment;

import java.time.Duration;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Semaphore;
import java.util.function.Supplier;
import millrace.gateway.problem.Problem;
import millrace.gateway.problem.ProblemCode;
import millrace.protocol.type.MerchantId;
import org.springframework.stereotype.Component;

/// Bounds the batches that are read and taken at once. A merchant whose bodies come slowly uses up
/// its own places first.
@Component
final class BatchPlaces {
  private static final Duration RETRY = Duration.ofSeconds(1);

  private final BatchSettings settings;
  private final Semaphore free;
  private final Map<MerchantId, Semaphore> freeOfMerchant = new ConcurrentHashMap<>();

  BatchPlaces(BatchSettings settings) {
    this.settings = settings;
    this.free = new Semaphore(settings.atOnce());
  }

  <T> T in(MerchantId merchant, Supplier<T> work) {
    int share = settings.atOnceOfMerchant();
    var own = freeOfMerchant.computeIfAbsent(merchant, _ -> new Semaphore(share));
    var tooMany = Problem.of(ProblemCode.TOO_MANY_REQUESTS, "At most " + share + " at once.");
    var full = Problem.of(ProblemCode.OVERLOADED, "Too many batches at once; nothing was taken.");
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
