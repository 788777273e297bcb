package millrace.channel.idempotency;

import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import millrace.channel.sql.Columns;
import millrace.messaging.MessagingJson;
import millrace.protocol.type.MerchantId;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.dao.DataAccessException;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.scheduling.annotation.Scheduled;
import org.springframework.stereotype.Component;
import org.springframework.transaction.annotation.Propagation;
import org.springframework.transaction.annotation.Transactional;

/// The answers to commands that moved money. An answer is stored in the transaction of the effect,
/// so a repeat finds both or neither.
@Component
public class Answers {
  private static final Logger LOG = LoggerFactory.getLogger(Answers.class);

  /// Longer than anybody goes on repeating.
  private static final Duration KEPT = Duration.ofDays(30);

  private final JdbcClient client;
  private final Clock clock;

  Answers(JdbcClient client, Clock clock) {
    this.client = client;
    this.clock = clock;
  }

  /// What makes two commands the same one.
  ///
  /// @param operation keys of different operations have nothing to do with each other
  /// @param fingerprint of the parameters: the same key with others is refused
  public record Command(MerchantId merchant, String operation, String key, String fingerprint) {
    private List<Object> name() {
      return List.of(merchant.value(), operation, key);
    }
  }

  /// What is known of a command.
  public sealed interface Known<T> {
    record New<T>() implements Known<T> {}

    /// Another transaction is at work on it.
    record InFlight<T>() implements Known<T> {}

    record Answered<T>(T answer) implements Known<T> {}

    /// The key was used with other parameters.
    record OtherParameters<T>() implements Known<T> {}
  }

  /// Holds the command's key until the transaction ends: who comes meanwhile is told so, unless
  /// there is an answer already. Then the holder is but another repeat.
  @Transactional(propagation = Propagation.MANDATORY)
  public <T> Known<T> begin(Command command, Class<T> type) {
    boolean alone = hold(command.merchant(), command.operation(), command.key());
    return find(command)
        .<Known<T>>map(
            found ->
                found.fingerprint().equals(command.fingerprint())
                    ? new Known.Answered<>(MessagingJson.mapper().readValue(found.answer(), type))
                    : new Known.OtherParameters<>())
        .orElseGet(() -> alone ? new Known.New<>() : new Known.InFlight<>());
  }

  /// For effects whose rows are their own answers. Look for those before saying that the command
  /// is in flight: who holds the key may be but a repeat.
  ///
  /// @return whether no other transaction is at work on this command; until this one ends, none is
  @Transactional(propagation = Propagation.MANDATORY)
  public boolean hold(MerchantId merchant, String operation, String key) {
    return client
        .sql("SELECT pg_try_advisory_xact_lock(hashtextextended(?, 0))")
        .param("command/" + String.join("/", List.of(merchant.value(), operation, key)))
        .query(Boolean.class)
        .single();
  }

  @Transactional(propagation = Propagation.MANDATORY)
  public void record(Command command, Object answer) {
    client
        .sql(
            """
            INSERT INTO answered_command
              (merchant_id, operation, idempotency_key, fingerprint, answer, created_at)
            VALUES (?, ?, ?, ?, ?, ?)
            """)
        .params(
            Columns.list(
                command.merchant().value(),
                command.operation(),
                command.key(),
                command.fingerprint(),
                MessagingJson.mapper().writeValueAsString(answer),
                clock.instant()))
        .update();
  }

  private record Found(String fingerprint, String answer) {}

  private Optional<Found> find(Command command) {
    return client
        .sql(
            """
            SELECT fingerprint, answer FROM answered_command
             WHERE merchant_id = ? AND operation = ? AND idempotency_key = ?
            """)
        .params(command.name())
        .query(
            (row, number) ->
                new Found(Columns.text(row, "fingerprint"), Columns.text(row, "answer")))
        .optional();
  }

  @Scheduled(fixedDelayString = "${millrace.channel.idempotency.sweep-interval:1h}")
  void forget() {
    try {
      client
          .sql("DELETE FROM answered_command WHERE created_at < ?")
          .params(Columns.list(clock.instant().minus(KEPT)))
          .update();
    } catch (DataAccessException e) {
      LOG.warn("old answers are kept until the next sweep: {}", e.toString());
    }
  }
}
