package millrace.channel.giveback;

import static millrace.messaging.command.RefusalReason.CHAIN_STALE;
import static millrace.messaging.command.RefusalReason.IDEMPOTENCY_KEY_REUSED;
import static millrace.messaging.command.RefusalReason.INSUFFICIENT_FUNDS;
import static millrace.messaging.command.RefusalReason.IN_FLIGHT;
import static millrace.messaging.command.RefusalReason.PAYMENT_NOT_FOUND;
import static millrace.messaging.command.RefusalReason.REFUND_TOO_LARGE;
import static millrace.messaging.command.RefusalReason.STATE_LOST;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import millrace.channel.book.ChannelRows;
import millrace.channel.earning.Earnings;
import millrace.channel.idempotency.Answers;
import millrace.channel.idempotency.Answers.Command;
import millrace.channel.idempotency.Answers.Known;
import millrace.channel.ledger.Ledger;
import millrace.channel.ledger.Transfer;
import millrace.channel.ledger.Transfer.Parties;
import millrace.channel.sql.Transactions;
import millrace.channel.web.Waiting;
import millrace.messaging.command.GiveBackCommand;
import millrace.messaging.command.GiveBackOutcome;
import millrace.messaging.command.GiveBackOutcome.Refused;
import millrace.messaging.command.GiveBackOutcome.Taken;
import millrace.messaging.command.GiveBackView;
import millrace.messaging.command.GiveBackView.GiveBackStatus;
import millrace.messaging.command.ListQuery;
import millrace.messaging.command.RefusalReason;
import millrace.messaging.event.ChannelEvent.CreditGiven;
import millrace.messaging.event.ChannelEvent.GiveBackFailed;
import millrace.messaging.event.ChannelEvent.GiveBackRequested;
import millrace.messaging.event.GiveBackFailure;
import millrace.messaging.event.GiveBackMethod;
import millrace.messaging.event.SettlementEvent.GiveBackDenied;
import millrace.messaging.event.SettlementEvent.GiveBackGranted;
import millrace.messaging.outbox.Outbox;
import millrace.protocol.channel.Decision.Accepted;
import millrace.protocol.channel.Effect;
import millrace.protocol.channel.HubTerms;
import millrace.protocol.channel.Input;
import millrace.protocol.channel.Lost;
import millrace.protocol.type.Address;
import millrace.protocol.type.Amount;
import millrace.protocol.type.ChannelId;
import millrace.protocol.type.MerchantId;
import millrace.protocol.type.RefundId;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.stereotype.Component;
import org.springframework.transaction.annotation.Propagation;
import org.springframework.transaction.annotation.Transactional;

/// Takes refunds out of merchants' accounts, asks settlement whether the money was promised to
/// them, and makes it their payers' credit, has it sent on chain, or makes it the merchants' again.
@Component
public class GiveBacks {
  private static final Logger LOG = LoggerFactory.getLogger(GiveBacks.class);
  private static final Duration MAX_WAIT = Duration.ofSeconds(10);
  private static final String OPERATION = "give back";

  private final GiveBackRows rows;
  private final Returns returns;
  private final ChannelRows channels;
  private final Earnings earnings;
  private final Answers answers;
  private final Ledger ledger;
  private final Outbox outbox;
  private final Transactions transactions;
  private final Address token;
  private final Clock clock;

  GiveBacks(
      GiveBackRows rows,
      Returns returns,
      ChannelRows channels,
      Earnings earnings,
      Answers answers,
      Ledger ledger,
      Outbox outbox,
      Transactions transactions,
      HubTerms terms,
      Clock clock) {
    this.rows = rows;
    this.returns = returns;
    this.channels = channels;
    this.earnings = earnings;
    this.answers = answers;
    this.ledger = ledger;
    this.outbox = outbox;
    this.transactions = transactions;
    this.token = terms.token().address();
    this.clock = clock;
  }

  /// Begins the refund and waits a while for its end.
  GiveBackOutcome request(GiveBackCommand command, long waitMillis) {
    boolean stale = onChain(command) && returns.isChainStale();
    var outcome = transactions.run(() -> answer(command, stale));
    if (!(outcome instanceof Taken(var begun, var replayed))) return outcome;
    return Waiting.until(
        Waiting.patience(waitMillis, MAX_WAIT),
        () -> new Taken(rows.find(begun.id()).orElse(begun), replayed),
        answer -> answer.refund().status() != GiveBackStatus.PENDING);
  }

  private GiveBackOutcome answer(GiveBackCommand command, boolean stale) {
    var same =
        new Command(
            command.merchantId(), OPERATION, command.idempotencyKey(), command.fingerprint());
    return switch (answers.begin(same, Taken.class)) {
      case Known.InFlight<Taken> _ -> new Refused(IN_FLIGHT);
      case Known.OtherParameters<Taken> _ -> new Refused(IDEMPOTENCY_KEY_REUSED);
      case Known.Answered<Taken>(var earlier) -> new Taken(earlier.refund(), true);
      case Known.New<Taken> _ -> {
        var outcome = stale ? new Refused(CHAIN_STALE) : begin(command);
        if (outcome instanceof Taken taken) answers.record(same, taken);
        yield outcome;
      }
    };
  }

  private GiveBackOutcome begin(GiveBackCommand command) {
    var merchant = command.merchantId();
    var available = ledger.lockMerchant(merchant);
    var found = rows.refundable(merchant, command.paymentId());
    if (found.isEmpty()) return new Refused(PAYMENT_NOT_FOUND);
    if (isLost(found.get().channelId())) return new Refused(STATE_LOST);
    var amount = command.amount().orElse(found.get().left());
    if (amount.isZero() || amount.exceeds(found.get().left())) return new Refused(REFUND_TOO_LARGE);
    if (amount.exceeds(available)) return new Refused(INSUFFICIENT_FUNDS);
    if (onChain(command)) {
      var objection = returns.objection(found.get().channelId(), amount);
      if (objection.isPresent()) return new Refused(RefusalReason.of(objection.get()));
    }
    var now = clock.instant();
    var refund =
        new GiveBackView(
            command.id(),
            merchant,
            command.paymentId(),
            found.get().channelId(),
            token,
            amount,
            GiveBackStatus.PENDING,
            now,
            command.method(),
            Optional.empty(),
            Optional.empty());
    rows.insert(refund);
    ledger.post(Transfer.giveBackRequested(parties(refund), amount, now));
    outbox.append(refund.channelId().toString(), requested(command, refund, now));
    return new Taken(refund, false);
  }

  private static boolean onChain(GiveBackCommand command) {
    return command.method().filter(GiveBackMethod.ON_CHAIN::equals).isPresent();
  }

  /// Nothing can be owed to the payer of a channel whose history nobody knows.
  private boolean isLost(ChannelId channel) {
    return channels.find(channel).filter(row -> !(row.channel() instanceof Lost)).isEmpty();
  }

  private GiveBackRequested requested(GiveBackCommand command, GiveBackView refund, Instant now) {
    return new GiveBackRequested(
        refund.id(),
        refund.paymentId(),
        refund.channelId(),
        refund.merchantId(),
        command.payee(),
        token,
        refund.amount(),
        earnings.gross(refund.merchantId()),
        now,
        refund.method());
  }

  Optional<GiveBackView> find(RefundId id) {
    return rows.find(id);
  }

  List<GiveBackView> list(MerchantId merchant, ListQuery query) {
    return rows.list(merchant, query);
  }

  /// What is to be posted: nothing at a repeat. The caller holds the channel's lock.
  @Transactional(propagation = Propagation.MANDATORY)
  public List<Transfer> granted(GiveBackGranted event) {
    var now = clock.instant();
    var pending = rows.find(event.refundId());
    if (pending.filter(refund -> refund.status() != GiveBackStatus.PENDING).isPresent()) {
      return List.of();
    }
    var channel = channels.lock(event.channelId());
    if (pending.isEmpty() || channel.isEmpty()) {
      LOG.error("{} was granted, while this ledger says it was not asked for", event.refundId());
      return List.of();
    }
    var row = channel.get();
    if (pending.get().leavesOnChain()) return returns.begin(pending.get(), row, now);
    var amount = pending.get().amount();
    var decision = row.channel().on(new Input.CreditGiven(amount));
    if (!(decision instanceof Accepted(var next, var effects))) {
      LOG.error("{} stays pending: the history of its channel is lost", event.refundId());
      return List.of();
    }
    if (rows.credited(event.refundId(), now).isEmpty()) return List.of();
    channels.giveBack(row, next.account(), Amount.ZERO);
    for (var effect : effects) {
      if (effect instanceof Effect.GivenBack(var given, var sequence)) {
        var account = next.account();
        outbox.append(
            row.id().toString(),
            new CreditGiven(
                event.refundId(),
                pending.get().paymentId(),
                row.id(),
                row.config(),
                event.merchantId(),
                given,
                account.charged(),
                account.due(),
                account.newest().orElseThrow(),
                sequence,
                now));
      }
    }
    return Transfer.givenBack(parties(pending.get()), amount, now);
  }

  /// What is to be posted: nothing at a repeat.
  @Transactional(propagation = Propagation.MANDATORY)
  public List<Transfer> denied(GiveBackDenied event) {
    var now = clock.instant();
    var ended = rows.refused(event.refundId(), GiveBackFailure.PROMISED, now);
    if (ended.isEmpty()) return List.of();
    var refund = ended.get();
    outbox.append(refund.channelId().toString(), failed(refund, now));
    return Transfer.giveBackFailed(parties(refund), refund.amount(), now);
  }

  static GiveBackFailed failed(GiveBackView refund, Instant at) {
    return new GiveBackFailed(
        refund.id(),
        refund.paymentId(),
        refund.channelId(),
        refund.merchantId(),
        refund.token(),
        refund.amount(),
        at,
        refund.method(),
        refund.failure());
  }

  static Parties parties(GiveBackView refund) {
    return new Parties(refund.channelId(), refund.merchantId(), refund.id().value());
  }
}
