package millrace.messaging.writer;

import java.util.function.Supplier;

/// Work that writes batches of payments. Its connections have a role that may do what such a batch
/// needs, and nothing else: a statement that does not belong there is refused by PostgreSQL.
public final class PaymentWriter {
  /// What it may do is said by each service's migrations.
  static final String ROLE = "millrace_payment_writer";

  private static final ScopedValue<String> WORK = ScopedValue.newInstance();

  private PaymentWriter() {}

  /// What begins a transaction within gets the role with its connection.
  public static <T> T work(Supplier<T> work) {
    return ScopedValue.where(WORK, ROLE).call(work::get);
  }

  static boolean isAtWork() {
    return WORK.isBound();
  }
}
