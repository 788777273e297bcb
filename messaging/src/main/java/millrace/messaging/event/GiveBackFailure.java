package millrace.messaging.event;

/// Why a merchant's refund did not happen.
public enum GiveBackFailure {
  /// The money is promised to the merchant already, or was paid to it.
  PROMISED,
  /// The payer has begun to leave with what is in its channel.
  PAYER_LEAVING,
  /// Too little is in the payer's channel that was not claimed.
  TOO_LITTLE_UNCLAIMED,
  /// The vault sends no more than so much in a day.
  DAILY_LIMIT,
  /// The transaction was refused or reverted.
  TRANSACTION_FAILED
}
