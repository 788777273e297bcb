package millrace.protocol.channel;

import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import millrace.protocol.type.Amount;
import millrace.protocol.type.PaymentId;

/// What a channel reacts to. `…Received` comes from the payer, `…Requested` from a service,
/// `…Seen` from the chain. Time arrives inside the input.
public sealed interface Input {
  /// What has happened already, on chain or while a service was rendered. Every state takes these
  /// alike, and none may refuse what the chain says.
  sealed interface Fact extends Input {}

  /// Charge the price at once.
  record VoucherReceived(VerifiedVoucher voucher, PaymentId payment, Amount price, Instant at)
      implements Input {}

  /// Charge the price at once, and keep it from the merchant until the merchant captures it.
  record HoldReceived(VerifiedVoucher voucher, PaymentId payment, Amount price, Instant at)
      implements Input {}

  /// Hold the price while the service is rendered.
  record ReservationRequested(
      VerifiedVoucher voucher, PaymentId payment, Amount price, Instant at, Instant expiresAt)
      implements Input {}

  /// The service was rendered: charge `amount`, at most the reserved price.
  record CaptureRequested(PaymentId payment, Amount amount, Instant at) implements Fact {}

  /// The service was not rendered: charge nothing.
  record ReleaseRequested(PaymentId payment) implements Fact {}

  /// The merchant takes `captured` of what is held for this payment, and the payer gets the rest
  /// back. Not cumulative: the shell, which knows the hold, must let each hold end only once.
  record HoldEndRequested(PaymentId payment, Amount held, Amount captured) implements Fact {}

  /// A merchant gives back what was charged for good. Not cumulative either: the shell must let
  /// each refund through only once, and knows that the merchant has the money.
  record CreditGiven(Amount amount) implements Fact {}

  /// A merchant gives back on chain what was charged for good. Not cumulative, like
  /// [ReturnFailed]; the shell knows that the merchant has the money. When it has left, that is a
  /// [RefundSeen].
  ///
  /// @param minimum base units below which it is not worth its gas
  record ReturnRequested(Amount amount, Amount minimum) implements Input {}

  /// What a merchant was to give back on chain did not leave, and will not.
  record ReturnFailed(Amount amount) implements Fact {}

  /// The payer offers an authorised deposit, its first or a top-up.
  record DepositReceived(Amount amount) implements Input {}

  /// The payer asks for money back while it stays. `amount` empty means all that is unspent.
  record RefundReceived(
      VerifiedVoucher voucher, Optional<Amount> amount, RefundPolicy policy, Instant at)
      implements Input {}

  /// The refund is on chain; `after` is the channel's state in its block. Not cumulative, like
  /// [RefundFailed]: the shell must let each through only once.
  record RefundSeen(Amount reserved, ChainState after) implements Fact {}

  /// The refund will not happen.
  record RefundFailed(Amount reserved) implements Fact {}

  /// A deposit stands in a block that is not final, and so much of it may be used already.
  record EarlyCreditGranted(EarlyCredit credit) implements Fact {}

  /// A voucher's signature became public in claim calldata.
  record CeilingPublished(Amount ceiling) implements Fact {}

  /// Bad news counts at the head: a withdrawal was started in a block that may not be final yet.
  record WithdrawalSeen(PendingWithdrawal withdrawal) implements Fact {}

  /// Good news counts when final.
  record StateSeen(ChainState state) implements Fact {}

  /// A refund request is an unauthenticated wish to pay the payer at the hub's expense, so it is
  /// limited.
  ///
  /// @param minimum base units below which a refund is not worth its gas
  /// @param idle how long the channel must have taken no payment
  /// @param interval how long since the last refund
  record RefundPolicy(Amount minimum, Duration idle, Duration interval) {}
}
