package millrace.messaging;

/// A record from Kafka that is not an event we know. Reading it again will not help.
public final class UndecodableException extends Exception {
  public UndecodableException(String message) {
    super(message);
  }

  public UndecodableException(String message, Throwable cause) {
    super(message, cause);
  }
}
