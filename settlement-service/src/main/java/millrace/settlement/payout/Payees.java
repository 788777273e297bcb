package millrace.settlement.payout;

import java.time.Clock;
import java.time.Duration;
import java.util.Arrays;
import millrace.chain.contract.ContractCalls;
import millrace.chain.rpc.Bytes;
import millrace.chain.sender.FinalTransaction;
import millrace.chain.sender.Gas;
import millrace.chain.sender.Purpose;
import millrace.chain.sender.TransactionRequest;
import millrace.messaging.outbox.Outbox;
import millrace.protocol.channel.HubTerms;
import millrace.protocol.eip712.Words;
import millrace.protocol.type.Address;
import millrace.settlement.chain.OutcomeHandler;
import millrace.settlement.chain.Senders;
import millrace.settlement.chain.Workers;
import millrace.settlement.sql.Columns;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Component;

/// Makes payees known to the vault, which credits nobody else.
@Component
class Payees implements OutcomeHandler {
  private static final Logger LOG = LoggerFactory.getLogger(Payees.class);
  private static final String KIND = "announce";
  private static final Gas GAS = new Gas.Estimated(200_000);
  private static final Duration RETRY_AFTER = Duration.ofMinutes(1);
  private static final byte[] INVALID_PAYEE =
      Arrays.copyOf(Words.typeHash("InvalidPayee(address)"), 4);

  private final JdbcClient jdbc;
  private final Payouts payouts;
  private final Senders senders;
  private final HubTerms terms;
  private final Outbox outbox;
  private final Workers workers;
  private final Clock clock;

  Payees(
      JdbcClient jdbc,
      Payouts payouts,
      Senders senders,
      HubTerms terms,
      Outbox outbox,
      Workers workers,
      Clock clock) {
    this.jdbc = jdbc;
    this.payouts = payouts;
    this.senders = senders;
    this.terms = terms;
    this.outbox = outbox;
    this.workers = workers;
    this.clock = clock;
  }

  /// Sends the announcement unless it is under way. An earlier one that did not work is repeated
  /// after a while.
  void announce(Address payee) {
    var attempt =
        jdbc.sql(
                """
                INSERT INTO payee (payee, state, changed_at) VALUES (:payee, 'ANNOUNCING', :now)
                ON CONFLICT (payee) DO UPDATE
                  SET state = 'ANNOUNCING', attempt = payee.attempt + 1, changed_at = :now
                  WHERE payee.state = 'RETRYING' AND payee.changed_at < :before
                RETURNING attempt
                """)
            .param("payee", payee.toArray())
            .param("now", Columns.write(clock.instant()))
            .param("before", Columns.write(clock.instant().minus(RETRY_AFTER)))
            .query(Integer.class)
            .optional();
    attempt.ifPresent(
        number ->
            senders
                .promiser()
                .submit(
                    new TransactionRequest(
                        Purpose.of(KIND, payee + "/" + number),
                        terms.vault(),
                        ContractCalls.announcePayee(payee),
                        GAS)));
  }

  @Override
  public String kind() {
    return KIND;
  }

  @Override
  public void onFinal(FinalTransaction transaction) {
    move(transaction.purpose(), transaction.success() ? "ANNOUNCED" : "RETRYING");
  }

  /// The vault itself says that nothing can ever be paid to that address. Any other refusal is a
  /// matter between the operator and the vault, and payouts wait for its end.
  @Override
  public void onRefused(Purpose purpose, String reason, Bytes revertData) {
    var payee = payee(purpose);
    byte[] data = revertData.toArray();
    if (!Arrays.equals(Arrays.copyOf(data, 4), INVALID_PAYEE)) {
      LOG.error("payee {} cannot be announced: {} {}", payee, reason, revertData);
      move(purpose, "RETRYING");
      return;
    }
    move(purpose, "INVALID");
    for (var payout : payouts.waitingFor(payee)) {
      outbox.append(
          payout.merchant().value(),
          payout.fail("the vault cannot pay to " + payee, clock.instant()));
    }
  }

  boolean isInvalid(Address payee) {
    return jdbc.sql("SELECT 1 FROM payee WHERE payee = :payee AND state = 'INVALID'")
        .param("payee", payee.toArray())
        .query(Integer.class)
        .optional()
        .isPresent();
  }

  private void move(Purpose purpose, String state) {
    workers.wakeAfterCommit();
    jdbc.sql("UPDATE payee SET state = :state, changed_at = :now WHERE payee = :payee")
        .param("state", state)
        .param("now", Columns.write(clock.instant()))
        .param("payee", payee(purpose).toArray())
        .update();
  }

  private static Address payee(Purpose purpose) {
    return Address.of(purpose.id().substring(0, purpose.id().indexOf('/')));
  }
}
