package millrace.settlement.claim;

import java.util.List;
import millrace.messaging.ReceivedEvent;
import millrace.messaging.Topics;
import millrace.messaging.event.GuardEvent.WithdrawalAnswered;
import millrace.settlement.sql.Columns;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.kafka.annotation.KafkaListener;
import org.springframework.stereotype.Component;
import org.springframework.transaction.annotation.Transactional;

/// Writes down what the watchtower says it has claimed. Nothing is done because of it: what was
/// claimed is read from the contract, whoever sent it. It is there to be compared with that.
@Component
class TowerClaims {
  private final JdbcClient jdbc;

  TowerClaims(JdbcClient jdbc) {
    this.jdbc = jdbc;
  }

  @KafkaListener(topics = Topics.GUARD, containerFactory = "eventListeners")
  @Transactional
  public void take(List<ReceivedEvent> events) {
    for (var event : events) {
      if (event.is(WithdrawalAnswered.class) && event.event() instanceof WithdrawalAnswered told) {
        keep(told);
      }
    }
  }

  private void keep(WithdrawalAnswered told) {
    jdbc.sql(
            """
            INSERT INTO tower_claim (channel_id, transaction, total_claimed, ceiling, told_at)
            VALUES (?, ?, ?, ?, ?) ON CONFLICT DO NOTHING
            """)
        .param(told.channelId().toArray())
        .param(told.transaction().toArray())
        .param(Columns.write(told.totalClaimed()))
        .param(Columns.write(told.ceiling()))
        .param(Columns.write(told.at()))
        .update();
  }
}
