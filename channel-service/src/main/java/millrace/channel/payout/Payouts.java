package millrace.channel.payout;

import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import millrace.channel.idempotency.Answers;
import millrace.channel.ledger.AccountKind;
import millrace.channel.ledger.Ledger;
import millrace.channel.ledger.Transfer;
import millrace.channel.sql.Transactions;
import millrace.channel.web.Waiting;
import millrace.messaging.command.BalanceView;
import millrace.messaging.command.ListQuery;
import millrace.messaging.command.PayoutCancelCommand;
import millrace.messaging.command.PayoutCommand;
import millrace.messaging.command.PayoutOutcome;
import millrace.messaging.command.PayoutOutcome.Refused;
import millrace.messaging.command.PayoutOutcome.Taken;
import millrace.messaging.command.PayoutPlace;
import millrace.messaging.command.PayoutView;
import millrace.messaging.command.RefusalReason;
import millrace.messaging.event.ChannelEvent.PayoutCancelRequested;
import millrace.messaging.event.ChannelEvent.PayoutRequested;
import millrace.messaging.event.SettlementEvent.PayoutCancelRefused;
import millrace.messaging.event.SettlementEvent.PayoutCanceled;
import millrace.messaging.event.SettlementEvent.PayoutConfirmed;
import millrace.messaging.event.SettlementEvent.PayoutFailed;
import millrace.messaging.outbox.Outbox;
import millrace.protocol.channel.HubTerms;
import millrace.protocol.type.Address;
import millrace.protocol.type.Amount;
import millrace.protocol.type.MerchantId;
import millrace.protocol.type.PayoutId;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.stereotype.Component;
import org.springframework.transaction.annotation.Propagation;
import org.springframework.transaction.annotation.Transactional;

/// Takes payouts out of merchants' accounts, and puts them back when they fail or are canceled.
@Component
public class Payouts {
  private static final Logger LOG = LoggerFactory.getLogger(Payouts.class);

  private static final Duration MAX_WAIT = Duration.ofSeconds(10);
  private static final String REQUEST = "payout";
  private static final String CANCELLATION = "cancel payout";

  private final PayoutRows payouts;
  private final Answers answers;
  private final Ledger ledger;
  private final Outbox outbox;
  private final Transactions transactions;
  private final Address token;
  private final Clock clock;

  Payouts(
      PayoutRows payouts,
      Answers answers,
      Ledger ledger,
      Outbox outbox,
      Transactions transactions,
      HubTerms terms,
      Clock clock) {
    this.payouts = payouts;
    this.answers = answers;
    this.ledger = ledger;
    this.outbox = outbox;
    this.transactions = transactions;
    this.token = terms.token().address();
    this.clock = clock;
  }

  PayoutOutcome request(PayoutCommand command) {
    if (!command.token().equals(token)) return new Refused(RefusalReason.TERMS_MISMATCH);
    return transactions.run(() -> begin(command));
  }

  private PayoutOutcome begin(PayoutCommand command) {
    boolean alone = answers.hold(command.merchantId(), REQUEST, command.idempotencyKey());
    var known = payouts.find(command);
    if (known.isPresent()) {
      return known.get().isSameAs(command)
          ? new Taken(known.get().view(token), true)
          : new Refused(RefusalReason.IDEMPOTENCY_KEY_REUSED);
    }
    if (!alone) return new Refused(RefusalReason.IN_FLIGHT);
    var available = ledger.lockMerchant(command.merchantId());
    var amount = command.amount().orElse(available);
    if (amount.isZero() || amount.exceeds(available)) {
      return new Refused(RefusalReason.INSUFFICIENT_FUNDS);
    }
    var now = clock.instant();
    var merchant = command.merchantId();
    var row = PayoutRow.pending(command, amount, now);
    payouts.insert(row);
    ledger.post(List.of(Transfer.payoutRequested(merchant, amount, row.id(), now)));
    outbox.append(
        merchant.value(), new PayoutRequested(row.id(), merchant, row.payee(), token, amount, now));
    return new Taken(row.view(token), false);
  }

  /// Asks settlement, which knows whether anything is promised for the payout, and waits a while
  /// for what it says.
  PayoutOutcome cancel(PayoutCancelCommand command, long waitMillis) {
    var found = owned(command);
    if (found.isEmpty()) return new Refused(RefusalReason.PAYOUT_NOT_FOUND);
    var asking = transactions.run(() -> askToCancel(command));
    if (asking == Asking.IN_FLIGHT) return new Refused(RefusalReason.IN_FLIGHT);
    boolean replayed = asking == Asking.AGAIN;
    var row =
        Waiting.until(
            Waiting.patience(waitMillis, MAX_WAIT),
            () -> owned(command).orElseThrow(),
            PayoutRow::isDecided);
    return switch (row.status()) {
      case CANCELED -> new Taken(row.view(token), replayed);
      case PAID, FAILED -> new Refused(RefusalReason.PAYOUT_NOT_PENDING);
      case PENDING ->
          row.isDecided()
              ? new Refused(RefusalReason.PAYOUT_NOT_PENDING)
              : new Taken(row.view(token), replayed);
    };
  }

  private Optional<PayoutRow> owned(PayoutCancelCommand command) {
    return payouts.find(command.id()).filter(row -> row.merchantId().equals(command.merchantId()));
  }

  private enum Asking {
    FIRST,
    AGAIN,
    IN_FLIGHT
  }

  private Asking askToCancel(PayoutCancelCommand command) {
    if (!answers.hold(command.merchantId(), CANCELLATION, command.id().value())) {
      return payouts.find(command.id()).orElseThrow().canBeCanceled()
          ? Asking.IN_FLIGHT
          : Asking.AGAIN;
    }
    if (!payouts.askToCancel(command.id())) return Asking.AGAIN;
    outbox.append(
        command.merchantId().value(),
        new PayoutCancelRequested(command.id(), command.merchantId(), clock.instant()));
    return Asking.FIRST;
  }

  Optional<PayoutView> find(PayoutId id) {
    return payouts.find(id).map(row -> row.view(token));
  }

  Optional<PayoutPlace> place(PayoutId id) {
    return payouts
        .find(id)
        .map(
            row ->
                new PayoutPlace(
                    row.merchantId(),
                    payouts.unfailedBefore(row),
                    switch (row.status()) {
                      case FAILED, CANCELED -> Amount.ZERO;
                      case PENDING, PAID -> row.amount();
                    }));
  }

  List<PayoutView> list(MerchantId merchant, ListQuery query) {
    return payouts.list(merchant, query).stream().map(row -> row.view(token)).toList();
  }

  BalanceView balance(MerchantId merchant) {
    return new BalanceView(
        token,
        ledger.balance(AccountKind.MERCHANT, merchant),
        ledger.balance(AccountKind.PAYOUT, merchant),
        payouts.paid(merchant));
  }

  /// What is to be posted: nothing at a repeat.
  @Transactional(propagation = Propagation.MANDATORY)
  public List<Transfer> confirmed(PayoutConfirmed event) {
    var now = clock.instant();
    var ended = payouts.confirm(event, now);
    if (ended.isEmpty()) warnUnlessPaid(event);
    return ended.stream()
        .map(row -> Transfer.payoutConfirmed(row.merchantId(), row.amount(), row.id(), now))
        .toList();
  }

  /// What is to be posted: nothing at a repeat.
  @Transactional(propagation = Propagation.MANDATORY)
  public List<Transfer> failed(PayoutFailed event) {
    var now = clock.instant();
    return payouts.fail(event, now).stream()
        .map(row -> Transfer.payoutFailed(row.merchantId(), row.amount(), row.id(), now))
        .toList();
  }

  /// What is to be posted: nothing at a repeat.
  @Transactional(propagation = Propagation.MANDATORY)
  public List<Transfer> canceled(PayoutCanceled event) {
    var now = clock.instant();
    return payouts.cancel(event.payoutId(), now).stream()
        .map(row -> Transfer.payoutFailed(row.merchantId(), row.amount(), row.id(), now))
        .toList();
  }

  @Transactional(propagation = Propagation.MANDATORY)
  public void refuseToCancel(PayoutCancelRefused event) {
    payouts.refuseToCancel(event.payoutId());
  }

  private void warnUnlessPaid(PayoutConfirmed event) {
    var paid =
        payouts
            .find(event.payoutId())
            .filter(row -> row.status() == PayoutView.PayoutStatus.PAID)
            .isPresent();
    if (!paid) {
      LOG.error("{} was paid, while this ledger says it was not asked for", event.payoutId());
    }
  }
}
