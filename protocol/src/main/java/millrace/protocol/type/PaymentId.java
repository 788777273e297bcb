package millrace.protocol.type;

import java.util.regex.Pattern;

/// Names a payment: `pay_` and 26 characters, chosen by the gateway before anything is stored, so
/// that a retry carries the same name.
public record PaymentId(String value) {
  private static final Pattern FORM = Pattern.compile("pay_[0-9a-z]{26}");

  public PaymentId {
    if (!FORM.matcher(value).matches()) {
      throw new IllegalArgumentException("a payment id is pay_ and 26 characters of 0-9a-z");
    }
  }

  @Override
  public String toString() {
    return value;
  }
}
