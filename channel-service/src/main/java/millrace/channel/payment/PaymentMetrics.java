package millrace.channel.payment;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.DistributionSummary;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Timer;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;
import millrace.messaging.command.PaymentOutcome;
import millrace.messaging.command.PaymentOutcome.Refused;
import millrace.messaging.command.PaymentOutcome.Taken;
import millrace.messaging.command.PaymentStatus;
import millrace.messaging.command.RefusalReason;
import org.jspecify.annotations.Nullable;
import org.springframework.stereotype.Component;

@Component
class PaymentMetrics {
  private final Timer duration;
  private final DistributionSummary batchSize;
  private final Map<PaymentStatus, Counter> taken = new EnumMap<>(PaymentStatus.class);
  private final Map<RefusalReason, Counter> refused = new EnumMap<>(RefusalReason.class);
  private final Counter replayed;

  PaymentMetrics(MeterRegistry metrics) {
    duration =
        Timer.builder("millrace.channel.payment.batch.duration")
            .publishPercentileHistogram()
            .register(metrics);
    batchSize =
        DistributionSummary.builder("millrace.channel.payment.batch.size").register(metrics);
    replayed = metrics.counter("millrace.channel.payment.replayed");
    for (var status : PaymentStatus.values()) {
      taken.put(status, metrics.counter("millrace.channel.payment.taken", "status", status.name()));
    }
    for (var reason : RefusalReason.values()) {
      refused.put(
          reason, metrics.counter("millrace.channel.payment.refused", "reason", reason.name()));
    }
  }

  List<PaymentOutcome> measure(Supplier<List<PaymentOutcome>> batch) {
    var sample = Timer.start();
    var outcomes = batch.get();
    sample.stop(duration);
    batchSize.record(outcomes.size());
    outcomes.forEach(this::count);
    return outcomes;
  }

  private void count(PaymentOutcome outcome) {
    switch (outcome) {
      case Taken(_, var status, _, _, var again, _, _) -> {
        if (again) {
          replayed.increment();
        } else {
          increment(taken.get(status));
        }
      }
      case Refused(var reason, _, _) -> increment(refused.get(reason));
    }
  }

  private static void increment(@Nullable Counter counter) {
    if (counter != null) counter.increment();
  }
}
