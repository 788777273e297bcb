package millrace.channel.chain;

import java.time.Clock;
import java.util.List;
import millrace.channel.ledger.Transfer;
import millrace.channel.sql.Columns;
import millrace.messaging.event.ChainEvent.SweepSeen;
import millrace.protocol.channel.HubTerms;
import millrace.protocol.type.Address;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Component;
import org.springframework.transaction.annotation.Propagation;
import org.springframework.transaction.annotation.Transactional;

/// Claimed money that has moved into the vault. A move is named by its transaction and log index,
/// so it is posted once.
@Component
class Sweeps {
  private static final Logger LOG = LoggerFactory.getLogger(Sweeps.class);

  private final JdbcClient client;
  private final Address token;
  private final Clock clock;

  Sweeps(JdbcClient client, HubTerms terms, Clock clock) {
    this.client = client;
    this.token = terms.token().address();
    this.clock = clock;
  }

  /// What is to be posted: nothing at a repeat.
  @Transactional(propagation = Propagation.MANDATORY)
  public List<Transfer> seen(SweepSeen sweep) {
    if (!sweep.token().equals(token)) {
      LOG.info("a sweep of {} is not this ledger's", sweep.token());
      return List.of();
    }
    int inserted =
        client
            .sql(
                """
                INSERT INTO sweep (transaction, log_index, amount, block) VALUES (?, ?, ?, ?)
                ON CONFLICT DO NOTHING
                """)
            .params(
                Columns.list(sweep.transaction(), sweep.logIndex(), sweep.amount(), sweep.block()))
            .update();
    if (inserted == 0 || sweep.amount().isZero()) return List.of();
    return List.of(
        Transfer.swept(sweep.amount(), sweep.transaction(), sweep.logIndex(), clock.instant()));
  }
}
