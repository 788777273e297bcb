package millrace.gateway;

import java.time.Instant;
import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Function;
import java.util.stream.Collectors;
import millrace.messaging.command.BalanceView;
import millrace.messaging.command.EarnedView;
import millrace.messaging.command.FeeCommand;
import millrace.messaging.command.FeeView;
import millrace.messaging.command.GiveBackCommand;
import millrace.messaging.command.GiveBackOutcome;
import millrace.messaging.command.GiveBackView;
import millrace.messaging.command.PayeeCommand;
import millrace.messaging.command.PaymentView;
import millrace.messaging.command.PayoutCancelCommand;
import millrace.messaging.command.PayoutCommand;
import millrace.messaging.command.PayoutOutcome;
import millrace.messaging.command.PayoutPlace;
import millrace.messaging.command.PayoutView;
import millrace.messaging.command.RefusalReason;
import millrace.protocol.channel.FeeTerms;
import millrace.protocol.type.Address;
import millrace.protocol.type.Amount;
import millrace.protocol.type.Bytes32;
import millrace.protocol.type.MerchantId;
import millrace.protocol.type.PaymentId;

/// The money of merchants at a [StubHub]: payouts, refunds, fees, with just enough rules to be
// asked.
final class StubMoney {
  /// By each merchant.
  static final Amount EARNED = Amount.of(5_016);

  private final Map<String, PayoutCommand> payoutKeys = new HashMap<>();
  private final Map<String, PayoutView> payouts = new HashMap<>();
  private final Map<String, GiveBackCommand> giveBackKeys = new HashMap<>();
  private final Map<String, GiveBackView> giveBacks = new ConcurrentHashMap<>();
  private final Map<MerchantId, FeeTerms> fees = new ConcurrentHashMap<>();
  private final Address token;
  private final Function<PaymentId, Optional<PaymentView>> payments;

  /// Where merchants are paid, as told.
  final Map<String, Address> payees = new ConcurrentHashMap<>();

  /// What every merchant has.
  volatile Amount available = Amount.of(5_000);

  /// More is not charged at once.
  volatile Optional<Amount> priceLimit = Optional.empty();

  /// As if all that is asked for were asked for by somebody else at the same moment.
  volatile boolean busy;

  /// As if every payout were on its way.
  volatile boolean promised;

  /// Why nothing can be given back on chain.
  volatile Optional<RefusalReason> notOnChain = Optional.empty();

  /// Happens while a payout is asked for.
  volatile Runnable meanwhile = () -> {};

  /// As if payouts could not be asked for.
  volatile boolean payoutsAway;

  StubMoney(Address token, Function<PaymentId, Optional<PaymentView>> payments) {
    this.token = token;
    this.payments = payments;
  }

  Object ofMerchant(MerchantId merchant, String what, String query) {
    return switch (what) {
      case "balances" -> balances();
      case "fee" -> new FeeView(merchant, fees.getOrDefault(merchant, FeeTerms.NONE));
      case "give-backs" -> giveBacksOf(merchant, asked(query));
      default -> payoutsOf(merchant, asked(query));
    };
  }

  int know(PayeeCommand[] told) {
    for (var payee : told) payees.put(payee.merchantId().value(), payee.payee());
    return told.length;
  }

  Object earned(String query) {
    return Arrays.stream(query.substring(query.indexOf('=') + 1).split(",", -1))
        .map(merchant -> new EarnedView(new MerchantId(merchant), EARNED))
        .toArray(EarnedView[]::new);
  }

  FeeView charge(FeeCommand command) {
    fees.put(command.merchantId(), command.terms());
    return new FeeView(command.merchantId(), command.terms());
  }

  synchronized GiveBackOutcome giveBack(GiveBackCommand command) {
    if (busy) return new GiveBackOutcome.Refused(RefusalReason.IN_FLIGHT);
    var earlier = giveBackKeys.get(command.merchantId() + command.idempotencyKey());
    if (earlier != null) {
      return earlier.fingerprint().equals(command.fingerprint())
          ? new GiveBackOutcome.Taken(
              Objects.requireNonNull(giveBacks.get(earlier.id().value())), true)
          : new GiveBackOutcome.Refused(RefusalReason.IDEMPOTENCY_KEY_REUSED);
    }
    var found =
        payments
            .apply(command.paymentId())
            .filter(it -> it.merchantId().equals(command.merchantId()));
    if (found.isEmpty()) return new GiveBackOutcome.Refused(RefusalReason.PAYMENT_NOT_FOUND);
    var payment = found.get();
    var amount = command.amount().orElse(payment.amount());
    if (amount.exceeds(payment.amount())) {
      return new GiveBackOutcome.Refused(RefusalReason.REFUND_TOO_LARGE);
    }
    if (amount.exceeds(available)) {
      return new GiveBackOutcome.Refused(RefusalReason.INSUFFICIENT_FUNDS);
    }
    boolean onChain = command.method().isPresent();
    if (onChain && notOnChain.isPresent()) return new GiveBackOutcome.Refused(notOnChain.get());
    var view =
        new GiveBackView(
            command.id(),
            command.merchantId(),
            command.paymentId(),
            payment.channelId(),
            payment.token(),
            amount,
            GiveBackView.GiveBackStatus.SUCCEEDED,
            Instant.now(),
            command.method(),
            onChain ? Optional.of(Bytes32.ZERO) : Optional.empty(),
            Optional.empty());
    giveBackKeys.put(command.merchantId() + command.idempotencyKey(), command);
    giveBacks.put(view.id().value(), view);
    return new GiveBackOutcome.Taken(view, false);
  }

  synchronized PayoutOutcome cancel(PayoutCancelCommand command) {
    var view = payouts.get(command.id().value());
    if (view == null || !view.merchantId().equals(command.merchantId())) {
      return new PayoutOutcome.Refused(RefusalReason.PAYOUT_NOT_FOUND);
    }
    if (busy) return new PayoutOutcome.Refused(RefusalReason.IN_FLIGHT);
    if (promised) return new PayoutOutcome.Refused(RefusalReason.PAYOUT_NOT_PENDING);
    var canceled =
        new PayoutView(
            view.id(),
            view.merchantId(),
            view.payee(),
            view.token(),
            view.amount(),
            PayoutView.PayoutStatus.CANCELED,
            Optional.empty(),
            view.createdAt());
    payouts.put(view.id().value(), canceled);
    return new PayoutOutcome.Taken(canceled, false);
  }

  Optional<GiveBackView> giveBack(String id) {
    return Optional.ofNullable(giveBacks.get(id));
  }

  synchronized PayoutOutcome payout(PayoutCommand command) {
    meanwhile.run();
    if (busy) return new PayoutOutcome.Refused(RefusalReason.IN_FLIGHT);
    if (command.amount().filter(amount -> amount.exceeds(available)).isPresent()) {
      return new PayoutOutcome.Refused(RefusalReason.INSUFFICIENT_FUNDS);
    }
    var earlier = payoutKeys.putIfAbsent(command.merchantId() + command.idempotencyKey(), command);
    if (earlier != null) {
      return earlier.fingerprint().equals(command.fingerprint())
          ? new PayoutOutcome.Taken(Objects.requireNonNull(payouts.get(earlier.id().value())), true)
          : new PayoutOutcome.Refused(RefusalReason.IDEMPOTENCY_KEY_REUSED);
    }
    var view =
        new PayoutView(
            command.id(),
            command.merchantId(),
            command.payee(),
            command.token(),
            command.amount().orElse(available),
            PayoutView.PayoutStatus.PENDING,
            Optional.empty(),
            Instant.now());
    payouts.put(command.id().value(), view);
    return new PayoutOutcome.Taken(view, false);
  }

  synchronized Optional<PayoutView> payout(String id) {
    return Optional.ofNullable(payouts.get(id));
  }

  synchronized Optional<PayoutPlace> place(String id) {
    return Optional.ofNullable(payouts.get(id))
        .map(
            payout ->
                new PayoutPlace(
                    payout.merchantId(),
                    payouts.values().stream()
                        .filter(other -> other.merchantId().equals(payout.merchantId()))
                        .filter(other -> other.id().value().compareTo(id) < 0)
                        .map(PayoutView::amount)
                        .reduce(Amount.ZERO, Amount::plus),
                    payout.amount()));
  }

  private Object balances() {
    return new BalanceView[] {new BalanceView(token, available, Amount.of(7), Amount.of(9))};
  }

  private synchronized Object payoutsOf(MerchantId merchant, Map<String, String> asked) {
    return payouts.values().stream()
        .filter(it -> it.merchantId().equals(merchant))
        .filter(it -> isAsked(asked, it.id().value(), it.status(), it.createdAt()))
        .sorted((a, b) -> b.id().value().compareTo(a.id().value()))
        .limit(Long.parseLong(asked.getOrDefault("limit", "20")))
        .toArray(PayoutView[]::new);
  }

  private Object giveBacksOf(MerchantId merchant, Map<String, String> asked) {
    return giveBacks.values().stream()
        .filter(it -> it.merchantId().equals(merchant))
        .filter(it -> isAsked(asked, it.id().value(), it.status(), it.createdAt()))
        .filter(
            it ->
                asked
                    .getOrDefault("payment", it.paymentId().value())
                    .equals(it.paymentId().value()))
        .sorted((a, b) -> b.id().value().compareTo(a.id().value()))
        .limit(Long.parseLong(asked.getOrDefault("limit", "20")))
        .toArray(GiveBackView[]::new);
  }

  private static Map<String, String> asked(String query) {
    if (query == null) return Map.of();
    return Arrays.stream(query.split("&", -1))
        .map(part -> part.split("=", -1))
        .collect(Collectors.toMap(part -> part[0], part -> part[1]));
  }

  private static boolean isAsked(
      Map<String, String> asked, String id, Enum<?> status, Instant createdAt) {
    return id.compareTo(asked.getOrDefault("startingAfter", "z")) < 0
        && asked.getOrDefault("status", status.name()).equals(status.name())
        && !createdAt.isBefore(Instant.parse(asked.getOrDefault("from", Instant.MIN.toString())))
        && createdAt.isBefore(Instant.parse(asked.getOrDefault("to", Instant.MAX.toString())));
  }

  synchronized int payoutCount(String merchant) {
    return (int)
        payouts.values().stream()
            .filter(payout -> payout.merchantId().value().equals(merchant))
            .count();
  }
}
