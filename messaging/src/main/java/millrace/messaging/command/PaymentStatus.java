package millrace.messaging.command;

/// RESERVED may become any other; the others are final.
public enum PaymentStatus {
  RESERVED,
  CHARGED,
  RELEASED,
  EXPIRED
}
