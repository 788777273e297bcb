package millrace.gateway.reconciliation;

import java.util.List;
import millrace.gateway.hub.Hub;
import millrace.gateway.hub.Settlement;
import millrace.messaging.command.AccountOffView;
import org.springframework.stereotype.Service;

/// Asks the services for their books and compares them. What has happened on chain reaches one book
/// after the other, so books that differ are looked at again: what is left after a while is no
/// matter of time.
@Service
class Reconciliation {
  private final Hub hub;
  private final Settlement settlement;
  private final ReconciliationSettings settings;

  Reconciliation(Hub hub, Settlement settlement, ReconciliationSettings settings) {
    this.hub = hub;
    this.settlement = settlement;
    this.settings = settings;
  }

  /// @param journal whether to add up the whole journal of the ledger, which takes long
  Report compare(boolean journal) {
    var accountsOff = journal ? hub.accountsOff() : List.<AccountOffView>of();
    var report = look(accountsOff);
    for (int i = 1; i < settings.attempts() && !report.agrees(); i++) {
      pause();
      report = report.orCloser(look(accountsOff));
    }
    return report;
  }

  private Report look(List<AccountOffView> accountsOff) {
    var books = settlement.books();
    return Comparison.of(hub.ledger(), books, accountsOff, settings.reserve());
  }

  private void pause() {
    try {
      Thread.sleep(settings.pause());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException("interrupted while books are compared", e);
    }
  }
}
