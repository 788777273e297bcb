package millrace.protocol.type;

/// Names a payment: `pay_` and 26 characters, chosen by the gateway before anything is stored, so
/// that a retry carries the same name.
public record PaymentId(String value) {
  public PaymentId {
    if (!IdForm.isMet(value, "pay_")) {
      throw new IllegalArgumentException("a payment id is pay_ and 26 characters of 0-9a-z");
    }
  }

  @Override
  public String toString() {
    return value;
  }
}
