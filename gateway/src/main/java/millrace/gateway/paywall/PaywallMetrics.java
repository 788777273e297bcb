package millrace.gateway.paywall;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import millrace.gateway.checkout.Denial;

/// Payments on paywalled routes, and by payment links, by how they ended.
final class PaywallMetrics {
  private static final String PAYMENTS = "millrace.gateway.payments";

  private final String surface;
  private final MeterRegistry registry;
  private final Counter unpaid;
  private final Counter charged;
  private final Counter released;

  /// @param surface where they came in
  PaywallMetrics(String surface, MeterRegistry registry) {
    this.surface = surface;
    this.registry = registry;
    this.unpaid = registry.counter("millrace.gateway.unpaid");
    this.charged = outcome("charged");
    this.released = outcome("released");
  }

  void unpaid() {
    unpaid.increment();
  }

  void charged() {
    charged.increment();
  }

  void released() {
    released.increment();
  }

  void replayed() {
    outcome("replayed").increment();
  }

  void refunded() {
    outcome("refunded").increment();
  }

  void unknown() {
    outcome("unknown").increment();
  }

  void denied(Denial denial) {
    var code =
        switch (denial) {
          case Denial.Declined declined -> declined.error().wire();
          case Denial.Prevented(var problem) -> problem.code().slug();
        };
    registry.counter("millrace.gateway.denied", "error", code).increment();
  }

  private Counter outcome(String outcome) {
    return registry.counter(PAYMENTS, "surface", surface, "outcome", outcome);
  }
}
