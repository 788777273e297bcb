package millrace.protocol.type;

import java.util.regex.Pattern;

/// Names a refund: `re_` and 26 characters.
public record RefundId(String value) {
  private static final Pattern FORM = Pattern.compile("re_[0-9a-z]{26}");

  public RefundId {
    if (!FORM.matcher(value).matches()) {
      throw new IllegalArgumentException("a refund id is re_ and 26 characters of 0-9a-z");
    }
  }

  @Override
  public String toString() {
    return value;
  }
}
