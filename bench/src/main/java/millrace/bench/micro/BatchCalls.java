package millrace.bench.micro;

import java.util.List;
import millrace.messaging.command.PaymentCommand;
import millrace.messaging.command.PaymentOutcome;

/// How a batch travels.
interface BatchCalls extends AutoCloseable {
  /// @return the outcomes in the order of the commands
  List<PaymentOutcome> sendTogether(List<PaymentCommand> commands);

  @Override
  void close();
}
