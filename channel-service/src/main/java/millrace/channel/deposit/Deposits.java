package millrace.channel.deposit;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import millrace.channel.book.Adoption;
import millrace.channel.book.ChannelFact;
import millrace.channel.book.ChannelRows;
import millrace.channel.head.ChainHead;
import millrace.channel.sql.Transactions;
import millrace.channel.web.Waiting;
import millrace.messaging.command.DepositCommand;
import millrace.messaging.command.DepositOutcome;
import millrace.messaging.command.DepositOutcome.Pending;
import millrace.messaging.command.DepositOutcome.Refused;
import millrace.messaging.command.RefusalReason;
import millrace.messaging.event.ChannelEvent.DepositAuthorized;
import millrace.messaging.event.SettlementEvent.DepositConfirmed;
import millrace.messaging.event.SettlementEvent.DepositFailed;
import millrace.messaging.outbox.Outbox;
import millrace.protocol.channel.Decision;
import millrace.protocol.channel.Decision.Accepted;
import millrace.protocol.channel.Input.DepositReceived;
import millrace.protocol.channel.Input.StateSeen;
import millrace.protocol.type.Bytes32;
import org.springframework.stereotype.Component;
import org.springframework.transaction.annotation.Propagation;
import org.springframework.transaction.annotation.Transactional;

/// Has deposits relayed: the first of a channel, which makes it known, and top-ups.
@Component
public class Deposits {
  private static final Duration QUOTA_PERIOD = Duration.ofHours(24);

  private final AuthorizationCheck check;
  private final DepositRows deposits;
  private final ChannelRows channels;
  private final Adoption adoption;
  private final ChainHead head;
  private final Outbox outbox;
  private final Transactions transactions;
  private final DepositProperties properties;
  private final Clock clock;

  Deposits(
      AuthorizationCheck check,
      DepositRows deposits,
      ChannelRows channels,
      Adoption adoption,
      ChainHead head,
      Outbox outbox,
      Transactions transactions,
      DepositProperties properties,
      Clock clock) {
    this.check = check;
    this.deposits = deposits;
    this.channels = channels;
    this.adoption = adoption;
    this.head = head;
    this.outbox = outbox;
    this.transactions = transactions;
    this.properties = properties;
    this.clock = clock;
  }

  /// Asks for the deposit, or for what became of it, and waits a while.
  DepositOutcome deposit(DepositCommand command, long waitMillis) {
    var objection = check.objection(command);
    if (objection.isPresent()) return objection.get();
    var nonce = check.nonce(command);
    var outcome = found(nonce, command).orElseGet(() -> begin(nonce, command));
    if (!(outcome instanceof Pending)) return outcome;
    return Waiting.until(
        Waiting.patience(waitMillis, properties.maxWait()),
        () -> found(nonce, command).orElse(outcome),
        answer -> !(answer instanceof Pending));
  }

  private Optional<DepositOutcome> found(Bytes32 nonce, DepositCommand command) {
    return deposits
        .find(nonce)
        .map(
            row ->
                row.isSameAs(command) ? outcome(row) : new Refused(RefusalReason.TERMS_MISMATCH));
  }

  private DepositOutcome outcome(DepositRow row) {
    return switch (row.status()) {
      case PENDING -> early(row).orElseGet(() -> new Pending(row.authorizationNonce()));
      case FAILED -> new DepositOutcome.Failed(row.failure().orElseThrow(), row.detail());
      case CONFIRMED ->
          new DepositOutcome.Confirmed(
              row.transaction().orElseThrow(),
              row.amount(),
              channels.find(row.channelId()).orElseThrow().view());
    };
  }

  /// As if it were final, so long as the channel takes it for that.
  private Optional<DepositOutcome> early(DepositRow row) {
    if (row.earlyTransaction().isEmpty()) return Optional.empty();
    return channels
        .find(row.channelId())
        .filter(channel -> channel.account().early().isPresent())
        .map(
            channel ->
                new DepositOutcome.Confirmed(
                    row.earlyTransaction().orElseThrow(), row.amount(), channel.view()));
  }

  private DepositOutcome begin(Bytes32 nonce, DepositCommand command) {
    var untimely = check.untimely(command, clock.instant());
    if (untimely.isPresent()) return untimely.get();
    if (head.isStale()) return new Refused(RefusalReason.CHAIN_STALE);
    return transactions.run(() -> authorize(nonce, command, clock.instant()));
  }

  private DepositOutcome authorize(Bytes32 nonce, DepositCommand command, Instant now) {
    var payer = command.config().payer();
    deposits.exclude(payer);
    var known = found(nonce, command);
    if (known.isPresent()) return known.get();
    if (deposits.pending(payer) >= properties.maxPendingPerPayer()
        || deposits.since(payer, now.minus(QUOTA_PERIOD)) >= properties.maxDailyPerPayer()) {
      return new Refused(RefusalReason.DEPOSIT_LIMIT);
    }
    var id = command.voucher().voucher().channelId();
    var row = adoption.adopt(id, command.config(), now);
    return switch (row.channel().on(new DepositReceived(command.amount()))) {
      case Decision.Refused(var reason) -> new Refused(RefusalReason.of(reason));
      case Accepted _ -> {
        deposits.insert(DepositRow.pending(nonce, command), now);
        outbox.append(id.toString(), authorized(nonce, command, now));
        yield new Pending(nonce);
      }
    };
  }

  private static DepositAuthorized authorized(Bytes32 nonce, DepositCommand command, Instant now) {
    return new DepositAuthorized(
        command.voucher().voucher().channelId(),
        command.config(),
        nonce,
        command.amount(),
        command.validAfter(),
        command.validBefore(),
        command.salt(),
        command.signature(),
        now);
  }

  /// What the channel is to be told.
  @Transactional(propagation = Propagation.MANDATORY)
  public List<ChannelFact> confirmed(DepositConfirmed event) {
    deposits.confirm(event, clock.instant());
    return List.of(new ChannelFact(event.channelId(), new StateSeen(event.after())));
  }

  @Transactional(propagation = Propagation.MANDATORY)
  public void failed(DepositFailed event) {
    deposits.fail(event, clock.instant());
  }
}
