package millrace.protocol.type;

import java.util.regex.Pattern;

/// Names a merchant: `mer_` and 26 characters.
public record MerchantId(String value) {
  private static final Pattern FORM = Pattern.compile("mer_[0-9a-z]{26}");

  public MerchantId {
    if (!FORM.matcher(value).matches()) {
      throw new IllegalArgumentException("a merchant id is mer_ and 26 characters of 0-9a-z");
    }
  }

  @Override
  public String toString() {
    return value;
  }
}
