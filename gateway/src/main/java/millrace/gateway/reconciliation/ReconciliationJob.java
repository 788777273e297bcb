package millrace.gateway.reconciliation;

import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Tags;
import java.math.BigInteger;
import java.util.List;
import java.util.function.Supplier;
import millrace.gateway.problem.ProblemException;
import millrace.protocol.channel.HubTerms;
import millrace.protocol.type.Address;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.scheduling.annotation.Scheduled;
import org.springframework.stereotype.Component;

/// Compares the books now and then and says aloud when they do not agree.
@Component
class ReconciliationJob {
  private static final Logger LOG = LoggerFactory.getLogger(ReconciliationJob.class);

  private final Supplier<Report> comparison;
  private volatile double difference = Double.NaN;
  private volatile double lines = Double.NaN;

  @Autowired
  ReconciliationJob(Reconciliation reconciliation, HubTerms terms, MeterRegistry metrics) {
    this(() -> reconciliation.compare(false), terms.token().address(), metrics);
  }

  ReconciliationJob(Supplier<Report> comparison, Address token, MeterRegistry metrics) {
    this.comparison = comparison;
    var asset = Tags.of("asset", token.toString());
    Gauge.builder("millrace.gateway.reconciliation.difference", () -> difference)
        .description("base units by which ledger, databases and chain differ, the largest line")
        .tags(asset)
        .register(metrics);
    Gauge.builder("millrace.gateway.reconciliation.lines.off", () -> lines)
        .description("how many figures differ")
        .tags(asset)
        .register(metrics);
  }

  @Scheduled(
      fixedDelayString = "${millrace.gateway.reconciliation.interval:60s}",
      initialDelayString = "${millrace.gateway.reconciliation.interval:60s}")
  void run() {
    try {
      note(comparison.get().differences());
    } catch (ProblemException e) {
      forget();
      LOG.warn("the books could not be compared: {}", e.getMessage());
    } catch (RuntimeException bug) {
      forget();
      throw bug;
    }
  }

  /// The last comparison says nothing about now, and an alarm must not take it for good news.
  private void forget() {
    difference = Double.NaN;
    lines = Double.NaN;
  }

  private void note(List<Line> differences) {
    lines = differences.size();
    difference =
        differences.stream()
            .map(line -> line.difference().abs())
            .reduce(BigInteger.ZERO, BigInteger::max)
            .doubleValue();
    for (var line : differences) {
      LOG.error(
          "the books differ by {} in {}: {} ({}: {}, {}: {})",
          line.difference(),
          line.name(),
          line.what(),
          line.leftSource(),
          line.left(),
          line.rightSource(),
          line.right());
    }
  }
}
