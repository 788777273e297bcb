package millrace.messaging.command;

import millrace.protocol.channel.Refusal;

/// Why channel-service said no: a rule of the channel, or something before the rules.
public enum RefusalReason {
  /// The signature is not the voucher key's. Tells nothing about the channel.
  VOUCHER_SIGNATURE,
  /// The config does not name this hub, or does not hash to the voucher's channel id.
  TERMS_MISMATCH,
  CHANNEL_NOT_FOUND,
  /// The verified head of the chain is too old to serve on.
  CHAIN_STALE,
  /// The key was used with other parameters.
  IDEMPOTENCY_KEY_REUSED,
  /// The same request is being served just now.
  IN_FLIGHT,
  STATE_LOST,
  NOT_FUNDED,
  WITHDRAWAL_PENDING,
  SHORTFALL,
  BUSY,
  BELOW_CLAIMED,
  CUMULATIVE_MISMATCH,
  EXCEEDS_BALANCE,
  PRICE_ABOVE_LIMIT,
  TOWER_BEHIND,
  NO_RESERVATION,
  REFUND_NO_BALANCE,
  REFUND_AMOUNT_INVALID,
  REFUND_TOO_SOON,
  /// Too many deposits were asked to be relayed for this payer, or the deposit is too small.
  DEPOSIT_LIMIT,
  INSUFFICIENT_FUNDS,
  /// No such hold of this merchant.
  HOLD_NOT_FOUND,
  /// The hold is over: captured, canceled, or its time has passed.
  HOLD_ENDED,
  /// More is to be captured than is held.
  CAPTURE_TOO_LARGE,
  /// No such payment of this merchant that was charged for good.
  PAYMENT_NOT_FOUND,
  /// More is to be given back than is left of the payment.
  REFUND_TOO_LARGE,
  /// No such payout of this merchant.
  PAYOUT_NOT_FOUND,
  /// The payout is promised to the merchant, or over.
  PAYOUT_NOT_PENDING;

  public static RefusalReason of(Refusal refusal) {
    return switch (refusal) {
      case STATE_LOST -> STATE_LOST;
      case NOT_FUNDED -> NOT_FUNDED;
      case WITHDRAWAL_PENDING -> WITHDRAWAL_PENDING;
      case SHORTFALL -> SHORTFALL;
      case BUSY -> BUSY;
      case BELOW_CLAIMED -> BELOW_CLAIMED;
      case CUMULATIVE_MISMATCH -> CUMULATIVE_MISMATCH;
      case EXCEEDS_BALANCE -> EXCEEDS_BALANCE;
      case PRICE_ABOVE_LIMIT -> PRICE_ABOVE_LIMIT;
      case TOWER_BEHIND -> TOWER_BEHIND;
      case NO_RESERVATION -> NO_RESERVATION;
      case REFUND_NO_BALANCE -> REFUND_NO_BALANCE;
      case REFUND_AMOUNT_INVALID -> REFUND_AMOUNT_INVALID;
      case REFUND_TOO_SOON -> REFUND_TOO_SOON;
    };
  }
}
