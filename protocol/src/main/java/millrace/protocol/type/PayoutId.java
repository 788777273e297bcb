package millrace.protocol.type;

import java.util.regex.Pattern;

/// Names a payout: `po_` and 26 characters.
public record PayoutId(String value) {
  private static final Pattern FORM = Pattern.compile("po_[0-9a-z]{26}");

  public PayoutId {
    if (!FORM.matcher(value).matches()) {
      throw new IllegalArgumentException("a payout id is po_ and 26 characters of 0-9a-z");
    }
  }

  @Override
  public String toString() {
    return value;
  }
}
