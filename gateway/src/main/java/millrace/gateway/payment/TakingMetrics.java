package millrace.gateway.payment;

import io.micrometer.core.instrument.MeterRegistry;
import millrace.protocol.x402.X402Error;

/// Payments through the merchant API by how they ended.
final class TakingMetrics {
  private final MeterRegistry registry;

  TakingMetrics(MeterRegistry registry) {
    this.registry = registry;
  }

  void charged(boolean replayed) {
    var outcome = replayed ? "replayed" : "charged";
    registry.counter("millrace.gateway.payments", "surface", "api", "outcome", outcome).increment();
  }

  void declined(X402Error error) {
    registry.counter("millrace.gateway.denied", "error", error.wire()).increment();
  }
}
