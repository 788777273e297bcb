package millrace.bench.micro;

import millrace.messaging.command.PaymentCommand;
import millrace.messaging.command.PaymentOutcome;

/// A way from the gateway to channel-service and back.
interface Hop extends AutoCloseable {
  /// Waits for the outcome. Many threads call at once.
  PaymentOutcome send(PaymentCommand command);

  @Override
  void close();
}
