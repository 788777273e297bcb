package millrace.channel.ledger;

/// The accounts of the ledger. What the hub holds is on the left of the balance sheet (debits),
/// what it owes on the right (credits).
public enum AccountKind {
  /// Holds: locked in channels and not claimed.
  ESCROW,
  /// Holds: claimed, still in the channel contract.
  CLAIMED,
  /// Holds: in the vault.
  VAULT,
  /// Owes a payer what is unspent of its channel; below zero is a shortfall. One per channel.
  PAYER,
  /// Owes a merchant what was charged for it. One per merchant.
  MERCHANT,
  /// Owes the hub itself what it keeps of payments.
  FEES,
  /// Owes a merchant a payout that is on its way. One per merchant.
  PAYOUT,
  /// Owes a merchant, or the payer, a refund that is on its way. One per merchant.
  REFUND,
  /// Owes a payer what was charged and given back, or claimed beyond the charge. One per channel.
  CREDIT,
  /// Owes what was charged and may be captured to whoever gets it in the end. One per channel.
  HELD
}
