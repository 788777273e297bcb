package millrace.protocol.channel;

/// Why a channel said no. In order of precedence: the first that applies is the answer.
public enum Refusal {
  /// The hub lost this channel's history; only a restore may open it again.
  STATE_LOST,
  /// No deposit of this channel is final.
  NOT_FUNDED,
  /// The payer has started to leave.
  WITHDRAWAL_PENDING,
  /// The chain holds less than the payer already owes.
  SHORTFALL,
  /// Another payment of this channel is being served just now.
  BUSY,
  /// The ceiling is not above what was claimed on chain.
  BELOW_CLAIMED,
  /// The ceiling is not exactly `charged + price` (for a refund: `charged`).
  CUMULATIVE_MISMATCH,
  /// The ceiling is above what is spendable.
  EXCEEDS_BALANCE,
  /// The price alone is above what is ever charged before the watchtower has the voucher for it:
  /// waiting does not help.
  PRICE_ABOVE_LIMIT,
  /// More would be owed than the watchtower holds vouchers for, by more than is allowed.
  TOWER_BEHIND,
  /// No such reservation, or it ended.
  NO_RESERVATION,
  /// Nothing is left to refund, or less than is to be given back on chain.
  REFUND_NO_BALANCE,
  /// The amount is above what is unspent, or too small to be worth its gas.
  REFUND_AMOUNT_INVALID,
  /// A refund is under way, or was too short a time ago, or payments still flow.
  REFUND_TOO_SOON
}
