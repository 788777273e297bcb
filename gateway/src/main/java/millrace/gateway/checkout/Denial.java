package millrace.gateway.checkout;

import java.time.Duration;
import java.util.Optional;
import millrace.gateway.hub.PriceLimits;
import millrace.gateway.problem.Problem;
import millrace.gateway.problem.ProblemCode;
import millrace.messaging.command.ChannelView;
import millrace.messaging.command.RefusalReason;
import millrace.messaging.event.SettlementEvent.DepositFailure;
import millrace.protocol.channel.SignedVoucher;
import millrace.protocol.x402.ChannelState;
import millrace.protocol.x402.VoucherState;
import millrace.protocol.x402.X402Error;

/// Why nothing was charged.
public sealed interface Denial {
  /// The payment is not good. x402 clients understand the error, and with the channel's state they
  /// may sign again.
  ///
  /// @param onChain the payment was good and the chain did not take it
  record Declined(
      X402Error error,
      Optional<ChannelState> channel,
      Optional<VoucherState> newest,
      boolean onChain)
      implements Denial {}

  /// The payment may be good; something else is in the way.
  record Prevented(Problem problem) implements Denial {}

  static Denial because(X402Error error) {
    return new Declined(error, Optional.empty(), Optional.empty(), false);
  }

  static Denial because(
      RefusalReason reason, Optional<ChannelView> channel, Optional<SignedVoucher> newest) {
    return switch (reason) {
      case VOUCHER_SIGNATURE -> because(X402Error.VOUCHER_SIGNATURE);
      case TERMS_MISMATCH -> because(X402Error.CHANNEL_ID_MISMATCH);
      case CHANNEL_NOT_FOUND, NOT_FUNDED -> because(X402Error.CHANNEL_NOT_FOUND);
      case WITHDRAWAL_PENDING, SHORTFALL, EXCEEDS_BALANCE ->
          declined(X402Error.CUMULATIVE_EXCEEDS_BALANCE, channel, newest);
      // The stock client gives up on "busy" and signs again on a mismatch.
      case BUSY, CUMULATIVE_MISMATCH, NO_RESERVATION ->
          declined(X402Error.CUMULATIVE_AMOUNT_MISMATCH, channel, newest);
      case BELOW_CLAIMED -> declined(X402Error.CUMULATIVE_BELOW_CLAIMED, channel, newest);
      case REFUND_NO_BALANCE -> because(X402Error.REFUND_NO_BALANCE);
      case REFUND_AMOUNT_INVALID -> because(X402Error.REFUND_AMOUNT_INVALID);
      case REFUND_TOO_SOON -> because(X402Error.REFUND_PAYLOAD);
      case HOLD_NOT_FOUND,
          HOLD_ENDED,
          CAPTURE_TOO_LARGE,
          PAYMENT_NOT_FOUND,
          REFUND_TOO_LARGE,
          PAYOUT_NOT_FOUND,
          PAYOUT_NOT_PENDING ->
          throw new IllegalStateException("not the reason to refuse a payment: " + reason);
      case INSUFFICIENT_FUNDS -> because(X402Error.INSUFFICIENT_BALANCE);
      case CHAIN_STALE, STATE_LOST ->
          prevented(ProblemCode.UNAVAILABLE, "This channel is not served just now.", 10);
      case PRICE_ABOVE_LIMIT -> new Prevented(PriceLimits.tooHigh());
      case TOWER_BEHIND ->
          prevented(
              ProblemCode.TOWER_BEHIND,
              "Too much is not guarded by the watchtower yet. Nothing was charged.",
              2);
      case DEPOSIT_LIMIT ->
          prevented(ProblemCode.TOO_MANY_REQUESTS, "Too many deposits of this payer.", 60);
      case IN_FLIGHT -> inFlight();
      case IDEMPOTENCY_KEY_REUSED ->
          new Prevented(
              Problem.of(
                  ProblemCode.IDEMPOTENCY_KEY_REUSED, "Use another key for another payment."));
    };
  }

  static Denial because(DepositFailure failure) {
    var error =
        switch (failure) {
          case SIMULATION_FAILED -> X402Error.DEPOSIT_SIMULATION_FAILED;
          case TRANSACTION_FAILED, NONCE_USED_ELSEWHERE -> X402Error.DEPOSIT_TRANSACTION_FAILED;
          case INSUFFICIENT_BALANCE -> X402Error.INSUFFICIENT_BALANCE;
          case EXPIRED -> X402Error.PAYLOAD_AUTHORIZATION_VALID_BEFORE;
          case WITHDRAWAL_PENDING -> X402Error.CUMULATIVE_EXCEEDS_BALANCE;
        };
    return onChain(error);
  }

  static Denial onChain(X402Error error) {
    return new Declined(error, Optional.empty(), Optional.empty(), true);
  }

  static Denial inFlight() {
    return prevented(ProblemCode.IN_FLIGHT, "Send it again a little later for its outcome.", 1);
  }

  static Denial prevented(ProblemCode code, String detail, long retryAfterSeconds) {
    return new Prevented(
        Problem.of(code, detail).retryAfter(Duration.ofSeconds(retryAfterSeconds)));
  }

  private static Denial declined(
      X402Error error, Optional<ChannelView> channel, Optional<SignedVoucher> newest) {
    return new Declined(
        error,
        channel.map(Receipts::state),
        newest.map(signed -> new VoucherState(signed.voucher().ceiling(), signed.signature())),
        false);
  }
}
