package millrace.protocol.x402;

import java.util.regex.Pattern;

/// The client's own name for one payment: a repeat with the same name is the same payment.
public record PaymentIdentifier(String value) {
  private static final Pattern FORM = Pattern.compile("[A-Za-z0-9_-]{16,128}");

  public PaymentIdentifier {
    if (!FORM.matcher(value).matches()) {
      throw new IllegalArgumentException("a payment identifier is 16 to 128 of A-Za-z0-9_-");
    }
  }

  @Override
  public String toString() {
    return value;
  }
}
