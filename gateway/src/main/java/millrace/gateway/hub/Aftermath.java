package millrace.gateway.hub;

import java.util.function.Supplier;
import org.springframework.dao.DataAccessException;
import org.springframework.transaction.TransactionException;

/// What is left to do here when money may have been moved at channel-service. Should our own store
/// fail now, nobody may say that nothing was changed: the same request again tells what was.
public final class Aftermath {
  private Aftermath() {}

  public static <T> T of(Supplier<T> work) {
    try {
      return work.get();
    } catch (DataAccessException | TransactionException away) {
      throw HubException.inDoubt();
    }
  }

  public static void of(Runnable work) {
    of(
        () -> {
          work.run();
          return true;
        });
  }
}
