package millrace.channel.sql;

import java.util.Objects;
import java.util.function.Supplier;
import millrace.messaging.writer.PaymentWriter;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.dao.ConcurrencyFailureException;
import org.springframework.dao.DuplicateKeyException;
import org.springframework.stereotype.Component;
import org.springframework.transaction.PlatformTransactionManager;
import org.springframework.transaction.support.TransactionTemplate;

/// Runs work in a transaction (READ COMMITTED), and once more from the start when another one got
/// in its way. The work must therefore do nothing but read and write in PostgreSQL.
@Component
public class Transactions {
  private static final Logger LOG = LoggerFactory.getLogger(Transactions.class);
  private static final int ATTEMPTS = 4;

  private final TransactionTemplate template;

  Transactions(PlatformTransactionManager manager) {
    template = new TransactionTemplate(manager);
  }

  /// For batches of payments: PostgreSQL lets them do what such a batch needs, and nothing else.
  public <T> T runAsPaymentWriter(Supplier<T> work) {
    return PaymentWriter.work(() -> run(work));
  }

  public <T> T run(Supplier<T> work) {
    for (int attempt = 1; ; attempt++) {
      try {
        return Objects.requireNonNull(template.execute(_ -> work.get()));
      } catch (ConcurrencyFailureException | DuplicateKeyException e) {
        if (attempt == ATTEMPTS) throw e;
        LOG.debug("attempt {} met another transaction", attempt, e);
      }
    }
  }
}
