package millrace.messaging.event;

/// How a merchant gives a payment back.
public enum GiveBackMethod {
  /// The payer's next payments use it up.
  CREDIT,
  /// It leaves the payer's channel for the payer's account.
  ON_CHAIN
}
