package millrace.messaging.command;

/// RESERVED may become CHARGED, RELEASED or EXPIRED, and HELD becomes CHARGED or CANCELED; the
/// others are final.
public enum PaymentStatus {
  RESERVED,
  CHARGED,
  RELEASED,
  EXPIRED,
  /// Charged, and not the merchant's before it captures it.
  HELD,
  /// Charged once, and given back to the payer as credit.
  CANCELED
}
